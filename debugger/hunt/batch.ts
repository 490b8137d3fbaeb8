/**
 * One batch of a hunt in this thread, as BatchResult: the one place where what is at scale (fleet,
 * corpus) meets the engine.
 */

import { execute } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import type { BatchResult } from './findings.ts';
import type { Bug } from './found.ts';
import { type Found as RangeFound, runRange, scheduleSeed } from './schedules.ts';

/** Runs the schedules [from, to), all of them, whatever fails; or until `stopAt` says so. */
export function runBatch(
  loaded: LoadedProgram,
  spec: RunSpec,
  from: number,
  to: number,
  stopAt: () => number = () => to,
): BatchResult {
  const { found, ...rest } = runRange(loaded, spec, from, to, stopAt);
  const bugs = found === null ? [] : [bugOf(loaded, spec, found)];
  return { ...rest, bugs, coverage: [] };
}

function bugOf(loaded: LoadedProgram, spec: RunSpec, range: RangeFound): Bug {
  const { index, verdict, message, lwp } = range;
  const seed = scheduleSeed(spec.seed, index);
  const { world, outcome } = execute(loaded, { ...spec, seed }, { checkpoints: false });
  const found = {
    ...{ index, seed, message, lwp, icount: outcome.icount, reports: [] },
    verdict: outcome.verdict,
    signature: `${verdict} ${message}`,
    words: world.directives.copy(),
  };
  return { found, times: 1 };
}
