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
import type { DirectiveKind } from '../directives.ts';
import type { Monitor } from '../monitor.ts';
import type { World } from '../world.ts';

/** What kind of question: who runs next, or one of the rarer ones. */
export type ChoiceKind = 'run' | 'waiter' | 'interrupt' | 'failure';

/** How fine the scheduling points are (DESIGN.md). */
export type Grain = 'sync' | 'access' | 'statement';

export interface Strategy {
  readonly name: string;
  /**
   * It looks at the operations that candidates are about to do (Lwp.opKind, Lwp.op). Then it is
   * asked at every point, even where there is only one candidate, so that it can count operations.
   */
  readonly looksAtOps?: boolean;
  /** It wants variables, and is not asked about accesses to those that it knows as private. */
  readonly sharedOnly?: boolean;
  /** Whether a variable, by its Variable.id, was in earlier runs touched by one LWP only. */
  isPrivate?(id: number): boolean;
  /** It watches what LWPs do to each other. */
  readonly monitor?: Monitor;
  /** The next run begins. */
  begin(): void;
  /** The run is over: what it learned is for the next. */
  ended?(w: World): void;
  /** The next run uses this seed. */
  reseed?(seed: number): void;
  /** What it has learned, as plain data, for another to begin from. */
  export?(): unknown;
  load?(learned: unknown): void;
  /** What an exhaustive search can say for certain. */
  certificate?(): string;
  /** False: there is nothing more to try. */
  more?(): boolean;
  /**
   * Who of candidates[0..count) runs next; `current` is among them unless it has to give way.
   * `points`, `icount` and `accesses` are the current LWP's own counts; `kind` says which of them
   * brought the question.
   */
  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
    accesses: number,
    kind: DirectiveKind,
  ): number;
  /** One of `count` alternatives of another kind; 0 is the default. */
  choose(kind: ChoiceKind, count: number, current: Lwp | null, points: number): number;
  /** Scheduling points to let pass before asking again about an unchanged choice; at least 1. */
  pointStride(current: Lwp | null, points: number): number;
  /** Accesses to let pass before asking again, at the access grain; at least 1. Default: 1. */
  accessStride?(current: Lwp | null, accesses: number): number;
  /** Statements to let pass before asking again, at the statement grain; at least 1. */
  statementStride(current: Lwp | null, icount: number): number;
}
