/** A range of a hunt's schedules in this thread: what a batch is, wherever it runs. */

import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import { Bugs } from './bugs.ts';
import type { Bug } from './found.ts';
import { Lane } from './lane.ts';

export { scheduleSeed } from './lane.ts';

/** What a range of schedules did. Plain data: it comes from threads and other machines. */
export interface RangeResult {
  /** Schedules that were run. */
  readonly schedules: number;
  readonly bugs: readonly Bug[];
  /** Statements run in all of them. */
  readonly statements: number;
  /** Faults that were injected. */
  readonly injected: number;
  /** The class of each schedule. */
  readonly classes: readonly number[];
  /** Possible deadlocks: signature and sentence. */
  readonly hints: readonly (readonly [string, string])[];
  /** The strategy has nothing more to try. */
  readonly exhausted: boolean;
}

export interface RangeOptions {
  /** Goes on past what it finds. */
  readonly seek?: 'first' | 'all';
  /** The lane to run them in, or what a strategy exported for a new one. */
  readonly lane?: Lane;
  readonly learned?: unknown;
  /** No schedule from this number on is wanted any more; asked before each. */
  readonly stopBefore?: () => number;
}

/** Runs schedules [from, to), up to the one that shows what the hunt is for. */
export function runRange(
  loaded: LoadedProgram,
  spec: RunSpec,
  from: number,
  to: number,
  options: RangeOptions = {},
): RangeResult {
  const lane = options.lane ?? new Lane(loaded, spec, options.learned);
  const bugs = new Bugs(loaded.instance().options.expect, options.seek ?? 'first');
  const before = lane.statements;
  const injectedBefore = lane.injected;
  lane.classes = [];
  let end = to;
  let index = from;
  let exhausted = false;
  for (; index < end; index++) {
    if (options.stopBefore !== undefined && options.stopBefore() <= index) break;
    if (lane.strategy.more?.() === false) {
      exhausted = true;
      break;
    }
    const found = lane.run(index);
    if (found.length === 0) continue;
    for (const one of found) bugs.add(one);
    end = Math.min(to, bugs.end);
  }
  const statements = lane.statements - before;
  const injected = lane.injected - injectedBefore;
  const { classes } = lane;
  const schedules = index - from;
  const hints = [...lane.hints];
  return { schedules, bugs: bugs.list(), statements, injected, classes, hints, exhausted };
}
