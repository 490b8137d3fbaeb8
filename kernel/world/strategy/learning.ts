/**
 * What strategies that look at operations have in common: a seed, estimates, and not choosing an
 * LWP that is blocked or spins while another could get on. Each adds rank() or the like.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { opBlocked } from '../op.ts';
import type { World } from '../world.ts';
import type { DirectiveKind } from '../directives.ts';
import { Random } from '../random.ts';
import { Drawing } from './drawing.ts';
import { drawAlternative } from './alternatives.ts';
import { Estimates, type LearnedEstimates } from './estimates.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

/** Gaps between questions at the statement grain are 1, 2, 4 … 2^(GAP_EXPONENTS - 1). */
const GAP_EXPONENTS = 6;
/** Counts after which an LWP that others wait beside is taken to starve them. */
const LONG_COUNTS = 20_000;
/** Questions for which it then lets them go first. */
const REST = 64;

export abstract class LearningStrategy implements Strategy {
  abstract readonly name: string;
  readonly looksAtOps = true;
  readonly sharedOnly = true;
  readonly estimates: Estimates;
  protected readonly random: Random;
  protected readonly drawing: Drawing;
  #seed: number;
  /** Who runs, and since which icount; who has run for long, and questions for which others come. */
  #runner: Lwp | null = null;
  #since = 0;
  #resting: Lwp | null = null;
  #rest = 0;

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
    this.#runner = null;
    this.#resting = null;
    this.#rest = 0;
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
    if (count > 1) answer = this.#fair(candidates, count, answer);
    const t = estimates.candidates[answer];
    estimates.chose(t);
    this.picked(t);
    return answer;
  }

  /** The answer, unless it is an LWP that has run for very long and may starve the others. */
  #fair(candidates: readonly Lwp[], count: number, answer: number): number {
    const l = candidates[answer];
    if (l !== this.#runner) {
      this.#runner = l;
      this.#since = hooks.icount;
    } else if (hooks.icount - this.#since > LONG_COUNTS) {
      this.#resting = l;
      this.#rest = REST;
    }
    if (this.#rest === 0 || l !== this.#resting) return answer;
    this.#rest--;
    const other = this.random.below(count - 1);
    const next = other < answer ? other : other + 1;
    if (opBlocked(candidates[next])) return answer;
    this.#runner = candidates[next];
    this.#since = hooks.icount;
    return next;
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
