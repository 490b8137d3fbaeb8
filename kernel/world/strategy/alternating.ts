/**
 * The default of hunts, `auto`: URW, SURW and race-directed runs in turns, from the same estimates.
 *
 * URW finds what needs many switches in no particular place, SURW what depends on the order of
 * operations on one variable, and race-directed runs what needs one thread to be held up for long.
 * Nobody knows beforehand which it is. On 22 hard programs of test/hunt/programs, 12 seeds each, the
 * geometric mean is no better than that of SURW or of race-directed runs alone (14.8 schedules;
 * 14.3 and 13.8), but the worst case is: 224; 317 and more than 600.
 */

import type { Lwp } from '../../kern/lwp.ts';
import type { DirectiveKind } from '../directives.ts';
import type { World } from '../world.ts';
import { Estimates, type LearnedEstimates } from './estimates.ts';
import type { LearningStrategy } from './learning.ts';
import { RaceStrategy } from './race.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';
import { SurwStrategy } from './surw.ts';
import { UrwStrategy } from './urw.ts';

export class AlternatingStrategy implements Strategy {
  readonly name = 'auto';
  readonly looksAtOps = true;
  readonly sharedOnly = true;
  readonly #estimates = new Estimates();
  readonly #turns: readonly LearningStrategy[];
  readonly #race: RaceStrategy;
  #current: LearningStrategy;

  constructor(seed: number) {
    this.#race = new RaceStrategy(seed, this.#estimates);
    const urw = new UrwStrategy(seed, this.#estimates);
    this.#turns = [urw, new SurwStrategy(seed, this.#estimates), this.#race];
    this.#current = urw;
  }

  export(): LearnedEstimates {
    return this.#estimates.export();
  }

  load(learned: unknown): void {
    this.#estimates.load(learned as LearnedEstimates);
  }

  /** See RaceStrategy. */
  get coverage(): number {
    return this.#race.coverage;
  }

  isPrivate(id: number): boolean {
    return this.#estimates.privacy.isPrivate(id);
  }

  reseed(seed: number): void {
    for (let i = 0; i < this.#turns.length; i++) this.#turns[i].reseed(seed);
  }

  begin(): void {
    this.#current = this.#turns[this.#estimates.runs % this.#turns.length];
    this.#current.begin();
  }

  ended(w: World): void {
    this.#estimates.learn(w);
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
    accesses: number,
    kind: DirectiveKind,
  ): number {
    return this.#current.next(candidates, count, current, points, icount, accesses, kind);
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
