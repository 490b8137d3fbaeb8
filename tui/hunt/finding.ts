/**
 * What a hunt found, made ready for a person: shrunk to the switches that matter, run once more with
 * everything on, replayed to see that it is the same again, written, and told.
 */

import {
  type Bug,
  type Execution,
  executeWithCore,
  type Found,
  following,
  type HuntCounts,
  type HuntReport,
  InputError,
  type Judgement,
  judge,
  type LoadedProgram,
  recordingOf,
  replay,
  reportOfFound,
  type RunSpec,
  type Shrunk,
  shrink,
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
  readonly bug: Bug;
  readonly loaded: LoadedProgram;
  /** Of the run below; with the words of `found` it repeats that. */
  readonly spec: RunSpec;
  readonly found: Found;
  /** Null when it was not asked for, or could not be done. */
  readonly shrunk: Shrunk | null;
  readonly run: Execution;
  /** Whether the verdict is one that the program expects: then it is none to worry about. */
  readonly judged: Judgement;
  readonly stacks: readonly LwpStack[];
  readonly report: HuntReport;
  /** Paths, where they could be written. */
  readonly recording: string | undefined;
  readonly core: string | undefined;
}

export interface FindingOptions {
  /** The folder for recording and core. */
  readonly out: string;
  readonly shrinks: boolean;
  readonly counts: HuntCounts;
  readonly signal: AbortSignal;
}

/** Makes a finding of a bug of a hunt with this spec. */
export async function findingOf(
  loaded: LoadedProgram,
  hunted: RunSpec,
  bug: Bug,
  options: FindingOptions,
): Promise<Finding> {
  const { out, shrinks, counts, signal } = options;
  const smaller = shrinks ? await shrink(loaded, hunted, bug.found, { signal }) : null;
  const shrunk = smaller?.trouble === '' ? smaller : null;
  const found = shrunk?.found ?? bug.found;
  const spec = shrunk?.spec ?? specOfFound(hunted, bug.found);
  const failure = new FailureObserver();
  const watched = following(found, { ringRecords: RING_RECORDS, observer: failure });
  const ran = executeWithCore(loaded, spec, watched);
  const { run } = ran;
  checkSame(loaded, spec, run, bug.found);
  const name = savedName(out, loaded, run, bug.found.seed);
  const recording = unlessImpossible('recording', () =>
    saveRecording(name + RECORDING_SUFFIX, loaded, spec, run),
  );
  const core = unlessImpossible('core', () => saveCoreFile(name + CORE_SUFFIX, loaded, spec, ran));
  const judged = judge(run.outcome.verdict, run.outcome.message, run.options.expect);
  const report = reportOfFound(loaded, hunted, shrunk, bug, counts, { recording, core });
  const { stacks } = failure;
  return { bug, loaded, spec, found, shrunk, run, judged, stacks, report, recording, core };
}

/** A run that does not repeat is nobody's finding. Throws InputError. */
function checkSame(loaded: LoadedProgram, spec: RunSpec, run: Execution, first: Found): void {
  const { divergence } = replay(loaded, recordingOf(loaded, spec, run));
  if (run.outcome.verdict === first.verdict && divergence === null) return;
  const how = divergence ?? `ended with ${run.outcome.verdict}, not ${first.verdict}`;
  throw new InputError(
    `schedule ${first.index + 1} does not run the same twice (${how}): ` +
      'something in the program comes from outside the virtual kernel.',
  );
}
