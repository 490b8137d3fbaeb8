/**
 * One batch of a hunt in this thread, as BatchResult: the one place where what is at scale (fleet,
 * corpus) meets the engine.
 */

import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import type { BatchResult } from './findings.ts';
import { type RangeOptions, runRange } from './schedules.ts';

/** Runs the schedules [from, to), all of them, whatever fails; or until `stopBefore` says so. */
export function runBatch(
  loaded: LoadedProgram,
  spec: RunSpec,
  from: number,
  to: number,
  options: Pick<RangeOptions, 'learned' | 'stopBefore'> = {},
): BatchResult {
  const { schedules, statements, bugs } = runRange(loaded, spec, from, to, {
    ...options,
    seek: 'all',
  });
  return { schedules, statements, bugs, coverage: [] };
}
