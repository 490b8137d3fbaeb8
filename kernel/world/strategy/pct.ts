/**
 * PCT with depth d: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * LWPs get random priorities at their first appearance; the highest runs. At d - 1 steps, drawn
 * uniformly from the k steps that a run is expected to have, the running LWP falls below all
 * others. k is an input: whoever runs many schedules measures it once (`steps` after a run of
 * depth 1), so that a schedule depends on its seed and k alone.
 *
 * Differs  An LWP which stays highest for SPIN_LIMIT choices in a row falls too: the paper assumes
 *          that nobody spins.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import { Privacy } from './privacy.ts';
import { drawAlternative } from './alternatives.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

/** Choices in a row after which the highest LWP is taken to spin. */
const SPIN_LIMIT = 1000;
/** Steps that the first run is expected to have. */
const FIRST_STEPS = 100;

export class PctStrategy implements Strategy {
  readonly name = 'pct';
  readonly sharedOnly = true;
  readonly privacy = new Privacy();
  readonly #random: Random;
  readonly #depth: number;
  #seed: number;
  #expectedSteps = FIRST_STEPS;
  #steps = 0;
  #changes: number[] = [];
  #priorities = new Map<number, number>();
  #lowest = 0;
  #last: Lwp | null = null;
  #inARow = 0;

  constructor(seed: number, depth: number) {
    this.#seed = seed;
    this.#depth = depth;
    this.#random = new Random(seed);
  }

  /** The next run uses this seed. */
  reseed(seed: number): void {
    this.#seed = seed;
  }

  /** Choices asked for in this run so far. */
  get steps(): number {
    return this.#steps;
  }

  /** k: the steps that a run is expected to have. */
  expect(steps: number): void {
    this.#expectedSteps = Math.max(1, steps);
  }

  begin(): void {
    this.#random.seed(this.#seed);
    this.#steps = 0;
    this.#priorities.clear();
    this.#lowest = 0;
    this.#last = null;
    this.#inARow = 0;
    this.#changes = [];
    for (let i = 1; i < this.#depth; i++)
      this.#changes.push(this.#random.below(this.#expectedSteps));
  }

  next(candidates: readonly Lwp[], count: number, current: Lwp | null): number {
    const step = this.#steps++;
    if (current !== null && this.#changes.includes(step)) this.#drop(current);
    let best = 0;
    for (let i = 0; i < count; i++) {
      if (this.#priority(candidates[i]) > this.#priority(candidates[best])) best = i;
    }
    this.#inARow = candidates[best] === this.#last ? this.#inARow + 1 : 0;
    this.#last = candidates[best];
    if (this.#inARow > SPIN_LIMIT) this.#drop(candidates[best]);
    return best;
  }

  #drop(l: Lwp): void {
    this.#priorities.set(l.id, --this.#lowest);
    this.#inARow = 0;
  }

  #priority(l: Lwp): number {
    let priority = this.#priorities.get(l.id);
    if (priority === undefined) {
      priority = 1 + this.#random.next32();
      this.#priorities.set(l.id, priority);
    }
    return priority;
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
    return 1;
  }
}
