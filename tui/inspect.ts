/**
 * `rumpus run --inspect`: the same run, in this very process, with a door for debuggers.
 *
 * What a failing run leaves is taken from the same run, made once more when no debugger can come
 * any more: taking it pauses the engine, which a debugger would see.
 */

import {
  type Execution,
  type ExecutionWithCore,
  executeWithCore,
  finalDigest,
  type LoadedProgram,
  type RunSpec,
  wholeNumber,
} from '../debugger/index.ts';
import { type Observer, ReplayStrategy } from '../kernel/index.ts';
import { note } from './output.ts';

/** The options as commander gives them. */
export interface InspectFlags {
  readonly inspect?: string | boolean;
  readonly inspectWait?: string | boolean;
}

const PORT_MAX = 65_535;

export function isInspected({ inspect, inspectWait }: InspectFlags): boolean {
  return inspect !== undefined || inspectWait !== undefined;
}

/** 0 for any port that is free. Errors: InputError. */
function portOf({ inspect, inspectWait }: InspectFlags): number {
  const given = [inspect, inspectWait].find((value) => typeof value === 'string');
  return typeof given === 'string' ? wholeNumber('--inspect', given, 0, PORT_MAX) : 0;
}

/** Runs while debuggers may come and go. A run that one has changed leaves no state to save. */
export async function executeInspected(
  loaded: LoadedProgram,
  spec: RunSpec,
  flags: InspectFlags,
  observer: Observer,
): Promise<ExecutionWithCore & { readonly isDiversion: boolean }> {
  const port = portOf(flags);
  // Only who asks for it waits for it to be loaded.
  const { runInspected } = await import('../debugger/agent/index.ts');
  const { run, isDiversion } = await runInspected(loaded, spec, {
    port,
    start: flags.inspectWait === undefined ? 'at once' : 'with a debugger',
    listening: (at) => void process.stderr.write(`debugger: attach to port ${at}\n`),
    said: (kind, text) => {
      if (kind === 'console') observer.console?.(text);
      else observer.dprintf?.(text, '', 0, 0);
    },
  });
  if (isDiversion) note('variables were written with the debugger: this run cannot be replayed');
  const isFailure = run.outcome.verdict !== 'passed' && !isDiversion;
  const state = isFailure ? stateOf(loaded, spec, run, observer) : null;
  return { run, state, isDiversion };
}

/** What a core has besides the recording of a run. */
function stateOf(
  loaded: LoadedProgram,
  spec: RunSpec,
  { world }: Execution,
  { failed }: Observer,
): ExecutionWithCore['state'] {
  const again = executeWithCore(loaded, spec, {
    strategy: new ReplayStrategy(world.directives.copy()),
    hypercalls: world.hypercalls.records,
    observer: { failed },
  });
  return finalDigest(again.run.world) === finalDigest(world) ? again.state : null;
}
