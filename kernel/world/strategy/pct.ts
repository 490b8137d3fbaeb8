/**
 * PCT with depth d: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * LWPs get random priorities at their first appearance; the highest runs. At d - 1 steps, drawn
 * uniformly from the k steps that a run is expected to have, the running LWP falls below all
 * others. k is what expect() says, or else the most steps of a run that has ended.
 *
 * Differs  A thread that spins (estimates.ts) falls too: the paper assumes that nobody does. Who is
 *          blocked is passed over.
 */

import type { World } from '../world.ts';
import { LearningStrategy } from './learning.ts';
import type { Thread } from './thread.ts';

/** Choices in a row after which the highest is taken to spin, whatever it does. */
const SPIN_LIMIT = 1000;
/** Steps that the first run is expected to have. */
const FIRST_STEPS = 100;

export class PctStrategy extends LearningStrategy {
  readonly name = 'pct';
  readonly #depth: number;
  #expectedSteps = 0;
  #mostSteps = FIRST_STEPS;
  #steps = 0;
  #changes: number[] = [];
  #lowest = 0;
  #last: Thread | null = null;
  #inARow = 0;

  constructor(seed: number, depth: number) {
    super(seed);
    this.#depth = depth;
  }

  /** Choices asked for in this run so far. */
  get steps(): number {
    return this.#steps;
  }

  /** k: the steps that a run is expected to have. */
  expect(steps: number): void {
    this.#expectedSteps = Math.max(0, steps);
  }

  protected override started(): void {
    this.#steps = 0;
    this.#lowest = 0;
    this.#last = null;
    this.#inARow = 0;
    this.#changes.length = 0;
    const steps = this.#expectedSteps === 0 ? this.#mostSteps : this.#expectedSteps;
    for (let i = 1; i < this.#depth; i++) this.#changes.push(this.random.below(steps));
  }

  override ended(w: World): void {
    super.ended(w);
    if (this.estimates.runs === 1 || this.#steps > this.#mostSteps) this.#mostSteps = this.#steps;
  }

  protected pick(count: number): number {
    const { candidates } = this.estimates;
    if (this.#last !== null && this.#changes.includes(this.#steps)) this.#drop(this.#last);
    this.#steps++;
    const best = this.#highest(count);
    const t = candidates[best];
    this.#inARow = t === this.#last ? this.#inARow + 1 : 0;
    this.#last = t;
    if (this.#inARow > SPIN_LIMIT) this.#drop(t);
    return best;
  }

  #highest(count: number): number {
    const { candidates } = this.estimates;
    const { weights } = this.drawing;
    let best = -1;
    for (let i = 0; i < count; i++) {
      const t = candidates[i];
      if (t.rank === 0) t.rank = 1 + this.random.next32();
      if (this.estimates.spins(t)) this.#drop(t);
      if (weights[i] > 0 && (best < 0 || t.rank > candidates[best].rank)) best = i;
    }
    return best;
  }

  #drop(t: Thread): void {
    t.rank = --this.#lowest;
    this.#inARow = 0;
  }

  override statementStride(): number {
    return 1;
  }
}
