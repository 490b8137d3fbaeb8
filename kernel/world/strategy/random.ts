/**
 * Seeded random walk: every candidate is equally likely at every choice.
 *
 * At the statement grain the gap to the next choice is a power of two, every exponent below
 * GAP_EXPONENTS equally likely: windows of two statements and of fifty are both hit, and a long run
 * does not ask at each of its statements.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import { Privacy } from './privacy.ts';
import { drawAlternative } from './alternatives.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

/** Gaps at the statement grain are 1, 2, 4 … 2^(GAP_EXPONENTS - 1). */
const GAP_EXPONENTS = 6;

export class RandomStrategy implements Strategy {
  readonly name = 'random';
  readonly sharedOnly = true;
  readonly privacy = new Privacy();
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

  isPrivate(id: number): boolean {
    return this.privacy.isPrivate(id);
  }

  ended(w: World): void {
    this.privacy.learn(w);
  }

  choose(kind: ChoiceKind, count: number): number {
    return drawAlternative(this.#random, kind, count);
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return 1 << this.#random.below(GAP_EXPONENTS);
  }
}
