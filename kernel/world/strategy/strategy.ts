/**
 * The oracle that the scheduler asks where more than one choice exists.
 *
 * Every strategy is one file in this folder. It sees candidates in a fixed order and answers with
 * an index; the world records the answers that deviate from the default schedule (default.ts), so
 * a strategy knows nothing of recordings.
 *
 * Differs from Shuttle's Scheduler: a strategy also says how many points it is content to let
 * pass, so that a point costs a compare while it has nothing to say.
 */

import type { Lwp } from '../../kern/lwp.ts';

/** What kind of question: who runs next, or one of the rarer ones. */
export type ChoiceKind = 'run' | 'waiter' | 'interrupt' | 'failure';

/** How fine the scheduling points are (DESIGN.md). */
export type Grain = 'sync' | 'statement';

export interface Strategy {
  readonly name: string;
  /** The next run begins. */
  begin(): void;
  /**
   * Who of candidates[0..count) runs next; `current` is among them unless it has to give way.
   * `points` and `icount` are the current LWP's own counts.
   */
  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
  ): number;
  /** One of `count` alternatives of another kind; 0 is the default. */
  choose(kind: ChoiceKind, count: number, current: Lwp | null, points: number): number;
  /** Scheduling points to let pass before asking again about an unchanged choice; at least 1. */
  pointStride(current: Lwp | null, points: number): number;
  /** Statements to let pass before asking again, at the statement grain; at least 1. */
  statementStride(current: Lwp | null, icount: number): number;
}
