/** `rumpus hunt --fleet`: the command's side of a hunt over a fleet. */

import type { FleetHuntOptions, FleetResult } from '../debugger/hunt/fleet/index.ts';
import type { LoadedProgram, RunSpec } from '../debugger/index.ts';
import { grouped, note, plural, Progress } from './output.ts';

export interface FleetHunting extends Omit<FleetHuntOptions, 'address' | 'say' | 'progress'> {
  /** The server's address, as the user gave it. */
  readonly fleet: string;
  /** No progress is shown. */
  readonly quiet: boolean;
}

/** Hunts over a fleet, with progress on a terminal. BullMQ is loaded here and nowhere else. */
export async function huntOnFleet(
  loaded: LoadedProgram,
  spec: RunSpec,
  told: FleetHunting,
): Promise<FleetResult> {
  const { fleetAddress, fleetHunt } = await import('../debugger/hunt/fleet/index.ts');
  const address = fleetAddress(told.fleet);
  const progress = new Progress(told.quiet ? 'quiet' : 'shown');
  try {
    return await fleetHunt(loaded, spec, {
      ...{ ...told, address },
      say: (text) => {
        progress.clear();
        note(text);
      },
      progress: ({ schedules, bugs, workers }) =>
        progress.show(
          () =>
            `${grouped(schedules)} of ${plural(told.schedules - told.from, 'schedule')}, ` +
            `${plural(bugs, 'bug')}, ${plural(workers, 'worker')}`,
        ),
    });
  } finally {
    progress.clear();
  }
}
