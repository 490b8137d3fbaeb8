/**
 * Runs that leave a core when they fail.
 *
 * A failure that the kernel announces (panic, KASSERT, deadlock…) is captured on the spot, with its
 * stack in place. An exception is announced when it has left the LWP's outermost function, and its
 * frames are gone; see throws.ts.
 */

import {
  type CapturedState,
  captureState,
  type RecordingData,
  withoutOptimising,
  writeCore,
} from '../../corefiles/index.ts';
import { curworld, type Observer, type Outcome } from '../../kernel/index.ts';
import { type ExecuteOptions, type Execution, execute } from './execute.ts';
import { type LoadedProgram, sourcesOf } from './load.ts';
import { eventsOf, recordingOf, specOf } from './record.ts';
import { type Replayed, type ReplayOptions, replay } from './replay.ts';
import type { RunSpec } from './spec.ts';
import { captureAgain, captureAtThrow, wasThrown } from './throws.ts';
import { sourceView } from './view.ts';

/** Events that a core has of what happened last, unless the caller asks for another number. */
const LAST_EVENTS = 4096;
/** Longest run, in counts, and most LWPs, that are run again to have all variables. */
const EXACT_COUNTS_MAX = 1_000_000;
const EXACT_LWPS_MAX = 64;

export interface ExecutionWithCore {
  readonly run: Execution;
  /** What a core has besides the recording; null for a run that passed. */
  readonly state: CapturedState | null;
}

/** Runs the program, and captures its state if it fails. */
export function executeWithCore(
  loaded: LoadedProgram,
  spec: RunSpec,
  options: ExecuteOptions = {},
): ExecutionWithCore {
  const capturing = new Capturing(loaded, options);
  const run = execute(loaded, spec, capturing.options);
  const state = capturing.finish(run, spec);
  return { run, state: state && (exactState(loaded, spec, run, state, options) ?? state) };
}

/** Replays a recording, and captures its state if it fails. */
export function replayWithCore(
  loaded: LoadedProgram,
  data: RecordingData,
  options: ReplayOptions = {},
): { readonly replayed: Replayed; readonly state: CapturedState | null } {
  const capturing = new Capturing(loaded, options);
  const replayed = replay(loaded, data, { adapt: options.adapt, ...capturing.options });
  return { replayed, state: capturing.finish(replayed.run, specOf(data)) };
}

/** Writes the core of a run; with `state` null, one that can only be replayed. */
export function saveCore(
  file: string,
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
  state: CapturedState | null,
): void {
  writeCore(file, {
    recording: recordingOf(loaded, spec, run),
    sources: sourcesOf(loaded),
    state,
    events: eventsOf(run.world),
    console: run.console,
  });
}

/**
 * The state with all variables, where the first capture may have lost some: the same run once more,
 * while the engine optimises nothing. Null when that would take long, or was not needed.
 */
function exactState(
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
  state: CapturedState,
  options: ExecuteOptions,
): CapturedState | null {
  const { world, outcome } = run;
  if (state.undecided === 0) return null;
  if (outcome.icount > EXACT_COUNTS_MAX || world.lwps.length > EXACT_LWPS_MAX) return null;
  const exactly = { precision: 'exact' } as const;
  return withoutOptimising(() => {
    if (wasThrown(outcome)) return captureAtThrow(loaded, spec, run, options, exactly);
    return captureAgain(loaded, spec, run, options, exactly);
  });
}

/** One run, watched for its failure. */
class Capturing {
  readonly options: ExecuteOptions;
  readonly #loaded: LoadedProgram;
  #state: CapturedState | null = null;

  constructor(loaded: LoadedProgram, options: ExecuteOptions) {
    this.#loaded = loaded;
    const observer: Observer = {
      ...options.observer,
      failed: (outcome) => {
        options.observer?.failed?.(outcome);
        this.#failed(outcome);
      },
    };
    this.options = { ringRecords: LAST_EVENTS, ...options, observer };
  }

  #failed(outcome: Outcome): void {
    if (wasThrown(outcome)) return;
    this.#state = captureState(curworld(), outcome, sourceView(this.#loaded));
  }

  finish(run: Execution, spec: RunSpec): CapturedState | null {
    if (run.outcome.verdict === 'passed' || this.#state !== null) return this.#state;
    return captureAtThrow(this.#loaded, spec, run, this.options);
  }
}
