/**
 * Seeded random walk: every candidate is equally likely at every choice.
 *
 * At the statement grain a switch is considered every STATEMENT_GAP statements on average, so that
 * a run of n statements sees n / STATEMENT_GAP of them rather than n.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { Random } from '../random.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

/** Mean statements between two choices at the statement grain. */
const STATEMENT_GAP = 16;

export class RandomStrategy implements Strategy {
  readonly name = 'random';
  readonly #random: Random;
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  /** The next run uses this seed. */
  reseed(seed: number): void {
    this.#seed = seed;
  }

  begin(): void {
    this.#random.seed(this.#seed);
  }

  next(_candidates: readonly Lwp[], count: number): number {
    return this.#random.below(count);
  }

  choose(_kind: ChoiceKind, count: number): number {
    return this.#random.below(count);
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return 1 + this.#random.below(2 * STATEMENT_GAP);
  }
}
