/**
 * What a hunt found, once more: run by its schedule with everything on, replayed to see that it is
 * the same again, and written.
 */

import {
  type Execution,
  executeWithCore,
  type Found,
  following,
  InputError,
  type Judgement,
  judge,
  type LoadedProgram,
  recordingOf,
  replay,
  type RunSpec,
  specOfFound,
} from '../../debugger/index.ts';
import { FailureObserver, type LwpStack } from '../failure.ts';
import {
  CORE_SUFFIX,
  RECORDING_SUFFIX,
  RING_RECORDS,
  saveCoreFile,
  saveRecording,
  savedName,
  unlessImpossible,
} from '../save.ts';

export interface Finding {
  readonly found: Found;
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly run: Execution;
  /** Whether the verdict is one that the program expects: then it is none to worry about. */
  readonly judged: Judgement;
  readonly stacks: readonly LwpStack[];
  /** Paths, where they could be written. */
  readonly recording: string | undefined;
  readonly core: string | undefined;
}

/** Runs the failing schedule again, and writes both files into `out`. */
export function again(loaded: LoadedProgram, hunted: RunSpec, found: Found, out: string): Finding {
  const spec = specOfFound(hunted, found);
  const failure = new FailureObserver();
  const options = following(found, { ringRecords: RING_RECORDS, observer: failure });
  const ran = executeWithCore(loaded, spec, options);
  const { run } = ran;
  const data = recordingOf(loaded, spec, run);
  const replayed = replay(loaded, data);
  if (run.outcome.verdict !== found.verdict || replayed.divergence !== null) {
    const how = replayed.divergence ?? `ended with ${run.outcome.verdict}, not ${found.verdict}`;
    throw new InputError(
      `schedule ${found.index + 1} does not run the same twice (${how}): ` +
        'something in the program comes from outside the virtual kernel.',
    );
  }
  const name = savedName(out, loaded, run, spec.seed);
  const recording = unlessImpossible('recording', () =>
    saveRecording(name + RECORDING_SUFFIX, loaded, spec, run),
  );
  const core = unlessImpossible('core', () => saveCoreFile(name + CORE_SUFFIX, loaded, spec, ran));
  const judged = judge(run.outcome.verdict, run.outcome.message, run.options.expect);
  return { found, loaded, spec, run, judged, stacks: failure.stacks, recording, core };
}
