/**
 * What strategies that look at operations have in common: a seed, estimates, and not choosing an
 * LWP that is blocked or spins while another could get on. Each adds rank() or the like.
 */

import type { Lwp } from '../../kern/lwp.ts';
import type { World } from '../world.ts';
import type { DirectiveKind } from '../directives.ts';
import { Random } from '../random.ts';
import { Drawing } from './drawing.ts';
import { drawAlternative } from './alternatives.ts';
import { Estimates, type LearnedEstimates } from './estimates.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

/** Gaps between questions at the statement grain are 1, 2, 4 … 2^(GAP_EXPONENTS - 1). */
const GAP_EXPONENTS = 6;

export abstract class LearningStrategy implements Strategy {
  abstract readonly name: string;
  readonly looksAtOps = true;
  readonly sharedOnly = true;
  readonly estimates: Estimates;
  protected readonly random: Random;
  protected readonly drawing: Drawing;
  #seed: number;

  constructor(seed: number, estimates: Estimates = new Estimates()) {
    this.#seed = seed;
    this.random = new Random(seed);
    this.estimates = estimates;
    this.drawing = new Drawing(estimates, this.random);
  }

  reseed(seed: number): void {
    this.#seed = seed;
  }

  export(): LearnedEstimates {
    return this.estimates.export();
  }

  load(learned: unknown): void {
    this.estimates.load(learned as LearnedEstimates);
  }

  isPrivate(id: number): boolean {
    return this.estimates.privacy.isPrivate(id);
  }

  begin(): void {
    this.random.seed(this.#seed);
    this.estimates.begin();
    this.started();
  }

  ended(w: World): void {
    this.estimates.learn(w);
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    _points: number,
    _icount: number,
    _accesses: number,
    kind: DirectiveKind,
  ): number {
    const { estimates } = this;
    estimates.look(candidates, count, current, kind);
    let answer = count === 1 ? 0 : this.drawing.prepare(count);
    if (answer < 0) answer = this.pick(count);
    const t = estimates.candidates[answer];
    estimates.chose(t);
    this.picked(t);
    return answer;
  }

  /** A run begins. */
  protected started(): void {}
  /** One of the candidates whose drawing.weights is not 0. */
  protected abstract pick(count: number): number;
  /** The thread's next operation will be done. */
  protected picked(_t: Estimates['candidates'][number]): void {}

  choose(kind: ChoiceKind, count: number): number {
    return drawAlternative(this.random, kind, count);
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return 1 << this.random.below(GAP_EXPONENTS);
  }
}
