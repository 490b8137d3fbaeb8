/**
 * The default of hunts, `auto`: SURW and URW in turns, from the same estimates.
 *
 * URW finds what depends on the order of many operations, SURW what depends on the order of a few
 * on one variable among many others. Neither knows which it is, and each is bad at the other's.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { Estimates, type LearnedEstimates } from './estimates.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';
import { SurwStrategy } from './surw.ts';
import { UrwStrategy } from './urw.ts';

export class AlternatingStrategy implements Strategy {
  readonly name = 'auto';
  readonly looksAtOps = true;
  readonly sharedOnly = true;
  readonly #estimates = new Estimates();
  readonly #surw: SurwStrategy;
  readonly #urw: UrwStrategy;
  #current: SurwStrategy | UrwStrategy;

  constructor(seed: number) {
    this.#surw = new SurwStrategy(seed, this.#estimates);
    this.#urw = new UrwStrategy(seed, this.#estimates);
    this.#current = this.#urw;
  }

  /** What it has learned, to begin from elsewhere. */
  export(): LearnedEstimates {
    return this.#estimates.export();
  }

  load(learned: LearnedEstimates): void {
    this.#estimates.load(learned);
  }

  knows(id: number): boolean {
    return this.#estimates.knows(id);
  }

  reseed(seed: number): void {
    this.#surw.reseed(seed);
    this.#urw.reseed(seed);
  }

  begin(): void {
    this.#current = (this.#estimates.runs & 1) === 0 ? this.#urw : this.#surw;
    this.#current.begin();
  }

  ended(): void {
    this.#estimates.learn();
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
    accesses: number,
  ): number {
    return this.#current.next(candidates, count, current, points, icount, accesses);
  }

  choose(kind: ChoiceKind, count: number): number {
    return this.#current.choose(kind, count);
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return this.#current.statementStride();
  }
}
