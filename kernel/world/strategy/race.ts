/**
 * Race-directed: forces one pair of conflicting operations a run into an order. After Sen, "Race
 * Directed Random Testing of Concurrent Programs", PLDI 2008, and Yu, Narayanasamy, Pereira, Pokam,
 * "Maple: A Coverage-Driven Testing Tool for Multithreaded Programs", OOPSLA 2012.
 *
 * Whoever comes to the place that is to be second (or one of those who do, at one of its visits)
 * is held back until another thread has been at the first. It is let go when nobody else can get
 * on, or when others have had more operations than all threads should have. Orders that were not
 * seen yet come first, then those that were tried least.
 *
 * Stop     `coverage` counts reads from another thread's write, as pairs of sites; more() is false
 *          when many runs have added none.
 */

import type { Estimates } from './estimates.ts';
import { LearningStrategy } from './learning.ts';
import { type Pair, Pairs, type Place } from './pairs.ts';
import type { Thread } from './thread.ts';

/** Pairs that are looked at, to take the best of them. */
const LOOKED_AT = 8;
/** Operations that others may have while a thread is held, beside what is expected. */
const PATIENCE = 200;
/** Runs without new coverage after which there is no more to be expected. */
const STALE_RUNS = 200;

export class RaceStrategy extends LearningStrategy {
  readonly name = 'race';
  readonly pairs: Pairs;
  #thread: Thread | null = null;
  #place: Place | null = null;
  /** Where another is to come first; null for until nobody else can get on. */
  #first: Place | null = null;
  /** All who come there are held, or one. */
  #all = false;
  /** Visits until that one. */
  #visits = 0;
  readonly #held: Thread[] = [];
  #patience = 0;
  /** Whoever was held is to be next. */
  #atOnce = false;
  #next: Thread | null = null;

  constructor(seed: number, estimates?: Estimates) {
    super(seed, estimates);
    this.estimates.pairs ??= new Pairs();
    this.pairs = this.estimates.pairs;
  }

  /** Reads from another thread's write that were seen, as pairs of sites. */
  get coverage(): number {
    return this.pairs.coverage;
  }

  /** Whether more runs are likely to add to `coverage`. */
  more(): boolean {
    return this.pairs.stale < STALE_RUNS + this.pairs.all.length;
  }

  protected override started(): void {
    this.#held.length = 0;
    this.#next = null;
    const coins = this.random.next32();
    this.#atOnce = (coins & 2) === 0;
    this.#all = (coins & 4) === 0;
    this.#patience = PATIENCE;
    for (const t of this.estimates.all) this.#patience += 2 * t.most;
    this.#thread = null;
    this.#place = null;
    this.#first = null;
    if ((coins & 8) === 0) this.#takeVisit();
    else this.#takePair();
  }

  /** One of the operations of all threads on contended variables. */
  #takeVisit(): void {
    const { all } = this.estimates;
    let total = 0;
    for (let i = 0; i < all.length; i++) total += all[i].mostContended;
    let rest = this.random.below(total);
    for (let i = 0; i < all.length; i++) {
      if (rest < all[i].mostContended) {
        this.#thread = all[i];
        this.#visits = rest;
        return;
      }
      rest -= all[i].mostContended;
    }
  }

  #takePair(): void {
    const { all } = this.pairs;
    let best: Pair | null = null;
    for (let i = 0; i < LOOKED_AT && all.length > 0; i++) {
      const pair = all[this.random.below(all.length)];
      if (!pair.possible) continue;
      if (best === null || effort(pair) < effort(best)) best = pair;
    }
    this.#place = best === null ? null : best.second;
    this.#first = best === null ? null : best.first;
    if (best === null) return;
    best.tries++;
    this.#visits = this.random.below(best.second.most);
  }

  protected pick(count: number): number {
    const { weights } = this.drawing;
    const { candidates } = this.estimates;
    this.#hold(count);
    let free = 0;
    for (let i = 0; i < count; i++) {
      if (weights[i] === 0) continue;
      if (this.#held.includes(candidates[i])) weights[i] = -1;
      else free++;
    }
    if (free === 0) {
      this.#release();
      for (let i = 0; i < count; i++) weights[i] = Math.abs(weights[i]);
    }
    return this.#nextOf(count) ?? this.drawing.sample(count);
  }

  /** Notes who is to be held. */
  #hold(count: number): void {
    const { candidates } = this.estimates;
    for (let i = 0; i < count; i++) {
      const t = candidates[i];
      if (t.lookedAt === t.arrivals) continue;
      t.lookedAt = t.arrivals;
      const place = this.pairs.placeOf(t);
      if (place?.contended !== true) continue;
      const visit = t.contended++;
      if (t.contended > t.mostContended) t.mostContended = t.contended;
      if (t === this.#thread && visit === this.#visits) this.#held.push(t);
      else if (place === this.#place && (this.#all || this.#visits-- === 0)) this.#held.push(t);
    }
    if (this.#held.length > 0 && this.#patience-- === 0) this.#release();
  }

  #release(): void {
    this.#held.length = 0;
    this.#place = null;
    this.#thread = null;
  }

  /** The one that was held, if it is to be next. */
  #nextOf(count: number): number | undefined {
    if (this.#next === null) return undefined;
    const { weights } = this.drawing;
    const { candidates } = this.estimates;
    for (let i = 0; i < count; i++) if (weights[i] > 0 && candidates[i] === this.#next) return i;
    return undefined;
  }

  protected override picked(t: Thread): void {
    this.drawing.did(t);
    if (this.#first === null || this.#held.length === 0) return;
    if (this.pairs.placeOf(t) !== this.#first || this.#held.includes(t)) return;
    this.#next = this.#atOnce ? this.#held[0] : null;
    this.#release();
  }
}

/** What is tried first: what was never seen, then what was tried least. */
function effort(pair: Pair): number {
  return pair.tries * 2 + (pair.second.after.has(pair.first) ? 1 : 0);
}
