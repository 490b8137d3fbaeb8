/** What strategies have in common that draw the next thread at random. */

import { opsConflict } from '../op.ts';
import type { Random } from '../random.ts';
import { blocked, doomed } from './blocking.ts';
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
      if (blocked(t)) {
        if (doomed(estimates, t)) return i;
        state = BLOCKED;
      } else if (estimates.spins(t)) state = SPINS;
      weights[i] = state;
      if (state > best) best = state;
    }
    for (let i = 0; i < count; i++) weights[i] = weights[i] === best ? 1 : 0;
    return -1;
  }

  /**
   * The one of weight above 0 whose next operation has the highest random priority: partial-order
   * sampling, see pos.ts. Needs did() after each operation.
   */
  sample(count: number): number {
    const { weights } = this;
    const { candidates } = this.#estimates;
    let best = -1;
    for (let i = 0; i < count; i++) {
      const t = candidates[i];
      if (t.rankedFor !== t.arrivals) {
        t.rankedFor = t.arrivals;
        t.rank = this.#random.next32();
      }
      if (weights[i] > 0 && (best < 0 || t.rank > candidates[best].rank)) best = i;
    }
    return best;
  }

  /** The thread does its operation: those that conflict with it get new priorities. */
  did(t: Thread): void {
    const { v, kind } = t;
    if (v === null) return;
    const { met } = this.#estimates;
    for (let i = 0; i < met.length; i++) {
      const other = met[i];
      if (other.v === v && other !== t && opsConflict(kind, other.kind)) other.rankedFor = -1;
    }
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
