/** What strategies have in common that draw the next thread at random. */

import type { Random } from '../random.ts';
import type { Estimates } from './estimates.ts';
import type { Thread } from './thread.ts';

/** What a candidate is, in the order in which they are preferred. */
const BLOCKED = 0;
const SPINS = 1;
const READY = 2;

/** Draws among candidates; one a strategy. */
export class Drawing {
  readonly weights: number[] = [];
  readonly #estimates: Estimates;
  readonly #random: Random;

  constructor(estimates: Estimates, random: Random) {
    this.#estimates = estimates;
    this.#random = random;
  }

  /**
   * Gives those candidates weight 0 that had better not run: those that are blocked, and those that
   * spin, while there are others. All others get 1. Answers one which is to run at once because
   * it closes a deadlock, or -1.
   */
  prepare(count: number): number {
    const { weights } = this;
    const estimates = this.#estimates;
    let best = BLOCKED;
    for (let i = 0; i < count; i++) {
      const t = estimates.candidates[i];
      let state = READY;
      if (estimates.blocked(t)) {
        if (estimates.doomed(t)) return i;
        state = BLOCKED;
      } else if (estimates.spins(t)) state = SPINS;
      weights[i] = state;
      if (state > best) best = state;
    }
    for (let i = 0; i < count; i++) weights[i] = weights[i] === best ? 1 : 0;
    return -1;
  }

  /** An index drawn in proportion to `weights`; -1 when all are 0. */
  draw(count: number): number {
    const { weights } = this;
    let total = 0;
    let last = -1;
    let several = false;
    for (let i = 0; i < count; i++) {
      if (weights[i] <= 0) continue;
      several = last >= 0;
      last = i;
      total += weights[i];
    }
    if (!several) return last;
    let rest = this.#random.below(total);
    for (let i = 0; i < last; i++) {
      rest -= weights[i];
      if (weights[i] > 0 && rest < 0) return i;
    }
    return last;
  }
}

export type { Thread };
