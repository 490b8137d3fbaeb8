/**
 * Capturing a run at a throw that nothing caught.
 *
 * When the scheduler catches what left an LWP's outermost function, the frames are gone and
 * `finally` blocks have run. So the same schedule is run again, in the same process (DESIGN.md,
 * decision 11), with the engine pausing at every throw: once to see which of them was the one that
 * ended the run, and once more to capture there.
 */

import {
  type CapturedState,
  type CaptureOptions,
  captureState,
  Inspector,
} from '../../corefiles/index.ts';
import {
  curworld,
  type Observer,
  type Outcome,
  ReplayStrategy,
  type World,
} from '../../kernel/index.ts';
import { type ExecuteOptions, type Execution, execute } from './execute.ts';
import type { LoadedProgram } from './load.ts';
import type { RunSpec } from './spec.ts';
import { sourceView } from './view.ts';

/** How long before the end of a run its throws are looked at first, and then, in counts. */
const NEAR_END_COUNTS = [256, 16_384, Number.MAX_SAFE_INTEGER];
/** Throws that are looked at in one of these: each costs about half a millisecond. */
const THROWS_MAX = 1_000;

/** Whether the outcome was announced after its stack was unwound. */
export function wasThrown({ verdict, error }: Outcome): boolean {
  return (verdict === 'trap' || verdict === 'program-error') && error !== undefined;
}

/** A run that is to be repeated. */
interface Repeated {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly run: Execution;
  readonly options: ExecuteOptions;
  readonly capture: CaptureOptions;
}

type Paused = NonNullable<Parameters<typeof captureState>[3]>['paused'];

/**
 * The state at the throw; where it cannot be found, at the last statement that was counted, or
 * else after the end.
 */
export function captureAtThrow(
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
  options: ExecuteOptions,
  capture: CaptureOptions = {},
): CapturedState {
  const repeated: Repeated = { loaded, spec, run, options, capture };
  const { outcome } = run;
  for (const counts of NEAR_END_COUNTS) {
    const from = Math.max(0, outcome.icount - counts);
    const ordinal = findThrow(repeated, from);
    if (ordinal < 0) continue;
    const state = captureThrow(repeated, from, ordinal);
    if (state !== null) return state;
  }
  return captureCount(repeated) ?? captureState(run.world, outcome, sourceView(loaded), capture);
}

/**
 * Which throw from icount `from` on ended the run: the first of its value. -1 when none did, or
 * when that is the scheduler's passing it on to an outer generator, the throw itself being earlier.
 */
function findThrow(repeated: Repeated, from: number): number {
  const thrown: unknown[] = [];
  const passedOn: boolean[] = [];
  const again = repeat(repeated, from, (value, { callFrames }) => {
    thrown.push(value);
    passedOn.push(from > 0 && callFrames.slice(0, 2).some(isUnwinding));
  });
  const first = thrown.indexOf(again.outcome.error);
  return passedOn[first] ? -1 : first;
}

/** unwind() of kernel/world/resume.ts; a bundler may have numbered it. */
function isUnwinding({ functionName }: { functionName: string }): boolean {
  return /^unwind\d*$/.test(functionName);
}

function captureThrow(repeated: Repeated, from: number, ordinal: number): CapturedState | null {
  const { loaded, run, capture } = repeated;
  let state: CapturedState | null = null;
  let next = 0;
  repeat(repeated, from, (_, paused) => {
    if (next++ !== ordinal) return;
    state = captureState(curworld(), run.outcome, sourceView(loaded), { ...capture, paused });
  });
  return state;
}

/** Runs again, and calls `use` at every throw from icount `from` on. */
function repeat(
  repeated: Repeated,
  from: number,
  use: (value: unknown, paused: NonNullable<Paused>) => void,
): Execution {
  let inspector: Inspector | undefined;
  let count = 0;
  const reached = () => {
    const attached = new Inspector();
    inspector = attached;
    attached.pausedAtThrows((callFrames, value) => {
      if (++count === THROWS_MAX) attached.ignoreThrows();
      use(value, { inspector: attached, callFrames });
    });
  };
  try {
    return runAgain(repeated, { reached }, from);
  } finally {
    inspector?.close();
  }
}

/** The state when the failure is announced once more; null if it is another one. */
export function captureAgain(
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
  options: ExecuteOptions,
  capture: CaptureOptions,
): CapturedState | null {
  let state: CapturedState | null = null;
  const failed = (outcome: Outcome) => {
    const { verdict, icount } = run.outcome;
    if (outcome.verdict !== verdict || outcome.icount !== icount) return;
    state = captureState(curworld(), outcome, sourceView(loaded), capture);
  };
  runAgain({ loaded, spec, run, options, capture }, { failed }, Number.MAX_SAFE_INTEGER);
  return state;
}

/** The state at the icount at which the run ended. */
function captureCount(repeated: Repeated): CapturedState | null {
  const { loaded, run, capture } = repeated;
  let state: CapturedState | null = null;
  const reached = () => {
    state = captureState(curworld(), run.outcome, sourceView(loaded), capture);
  };
  runAgain(repeated, { reached }, run.outcome.icount);
  return state;
}

function runAgain(repeated: Repeated, observer: Observer, watch: number): Execution {
  const { loaded, spec, run, options } = repeated;
  return execute(loaded, spec, {
    checkpoints: options.checkpoints,
    program: options.program,
    strategy: new ReplayStrategy(run.world.directives.copy()),
    hypercalls: run.world.hypercalls.records,
    observer,
    prepare(w: World) {
      options.prepare?.(w);
      w.watchStop = Math.max(w.icount + 1, watch);
    },
  });
}
