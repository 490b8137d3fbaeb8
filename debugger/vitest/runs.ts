/** One run of a test: made, or replayed, and what becomes of it when it should not have ended so. */

import { loadMapsOf } from '../../tracer/index.ts';
import { builtFiles } from '../print/print.ts';
import { following } from '../hunt/again.ts';
import type { Shrunk } from '../hunt/shrink/index.ts';
import { replayWithCore } from '../run/core.ts';
import { type ExecuteOptions, type Execution, execute } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import { specOf } from '../run/record.ts';
import type { RunSpec } from '../run/spec.ts';
import { enterDebugging, isDebugged } from './debugged.ts';
import { KernelFailure } from './failure.ts';
import type { TestPlace } from './loaded.ts';
import { answerReplay, recordingFor } from './replaying.ts';
import { saveCore, testRecording } from './save.ts';
import { type FailedStack, failedStacks } from './stacks.ts';

/** What a hunt found, shrunk. */
export type FoundRun = Pick<Shrunk, 'found' | 'schedule' | 'swap'>;

/** A run, with all that came of it. */
export interface Ran {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly run: Execution;
  readonly stacks: readonly FailedStack[];
  readonly runNumber: number;
  /** What a hunt found, of which this is the run. */
  readonly found: FoundRun | undefined;
  /** The file that it was replayed from, and how it left it; null when it was made anew. */
  readonly replayed: { readonly file: string; readonly divergence: string | null } | null;
}

/**
 * Runs, or replays the recording that RUMPUS_REPLAY names when it is of this run. When a debugger
 * wants it, it never returns.
 */
export function runOnce(
  place: TestPlace,
  loaded: LoadedProgram,
  spec: RunSpec,
  runNumber: number,
  found?: FoundRun,
): Ran {
  if (isDebugged(runNumber)) enterDebugging(loaded);
  let stacks: readonly FailedStack[] = [];
  const options: ExecuteOptions = {
    observer: {
      failed: (outcome) => {
        stacks = failedStacks(outcome);
      },
      dprintf: (text, path, lineBase1, icount) =>
        process.stdout.write(`${icount} ${path}:${lineBase1}: ${text.replace(/\n?$/, '\n')}`),
    },
  };
  const recorded = recordingFor(place, runNumber);
  if (recorded === undefined) {
    const run = execute(loaded, spec, found ? following(found.found, options) : options);
    return { loaded, spec, run, stacks, runNumber, found, replayed: null };
  }
  const { file, data } = recorded;
  const { run, divergence } = answerReplay(loaded, data, options, () => stacks);
  const replayed = { file, divergence };
  return { loaded, spec: specOf(data), run, stacks, runNumber, found, replayed };
}

/** Replays the failed run, writes its core, and makes the error that says all of it. */
export function failureOf(place: TestPlace, ran: Ran, note: string): KernelFailure {
  const { run, spec, stacks, found } = ran;
  const { file: core, divergence } = ran.replayed ?? saved(place, ran);
  return new KernelFailure({ run, spec, note, stacks, core, divergence, found });
}

function saved(place: TestPlace, ran: Ran): { file: string; divergence: string | null } {
  const { loaded, spec, run, runNumber } = ran;
  const data = testRecording(place, loaded, spec, run, runNumber);
  // Without them the frames of an installed kernel are those of its bundle, and have no end.
  loadMapsOf(builtFiles());
  const { replayed, state } = replayWithCore(loaded, data);
  const { divergence } = replayed;
  // After a divergence the state would be that of another run.
  const file =
    divergence === null
      ? saveCore(place, loaded, data, replayed.run, state)
      : saveCore(place, loaded, data, run, null);
  return { file, divergence };
}
