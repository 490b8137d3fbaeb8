/**
 * SURW: selectively uniform random walk. Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform
 * Concurrency Testing", ASPLOS 2025, Algorithm 2.
 *
 * A run has a focus: the operations on one variable, whose order between threads is drawn
 * uniformly. One thread is intended to do the next of them, drawn in proportion to those that it
 * and its unborn children have left. Whoever else comes to one is held back until the intended
 * thread has done its; everything else is scheduled freely. When all that can run are held
 * back, another of them is intended.
 *
 * Focus    A variable that was written, and that threads share; or all locks of a cycle in the lock
 *          order of earlier runs. Every other time such a cycle is the focus, threads are held
 *          back that have one of its locks and come to the next, which closes the cycle.
 * Differs  What is scheduled freely is sampled by partial orders (pos.ts). On 22 hard programs, 12
 *          seeds each, a random walk took a quarter more schedules, and missed 7 bugs in 600.
 *          Counts are estimated again after each run (estimates.ts).
 */

import { OP_WAKE } from '../op.ts';
import { holds } from './blocking.ts';
import { lockCycles } from './cycles.ts';
import { type Estimates, SHARED, WRITTEN } from './estimates.ts';
import { LearningStrategy } from './learning.ts';
import type { Thread } from './thread.ts';

export class SurwStrategy extends LearningStrategy {
  readonly name = 'surw';
  /** What may be a focus: slots of variables. */
  #foci: (readonly number[])[] = [];
  #cycles = 0;
  #version = -1;
  /** By slot: whether the variable is of interest in this run. */
  #focus = new Uint8Array(16);
  #slots: readonly number[] = [];
  #closing = false;
  #intended: Thread | null = null;
  /** Threads of this run whose counts have been set. */
  #counted = 0;

  protected override started(): void {
    const { estimates } = this;
    if (this.#version !== estimates.version) this.#lookForFoci();
    for (const slot of this.#slots) this.#focus[slot] = 0;
    const foci = this.#foci;
    const at = foci.length === 0 ? -1 : this.random.below(foci.length);
    this.#slots = at < 0 ? [] : foci[at];
    for (const slot of this.#slots) this.#focus[slot] = 1;
    this.#closing = at >= 0 && at < this.#cycles && this.random.below(2) === 0;
    this.#intended = null;
    this.#counted = 0;
    this.#families();
  }

  #lookForFoci(): void {
    const { estimates } = this;
    this.#version = estimates.version;
    if (this.#focus.length < estimates.ids.length) {
      this.#focus = new Uint8Array(estimates.ids.length * 2);
    }
    const cycles = lockCycles(estimates.lockOrder);
    this.#cycles = cycles.length;
    this.#foci = cycles;
    for (let slot = 0; slot < estimates.ids.length; slot++) {
      if (isContended(estimates, slot)) this.#foci.push([slot]);
    }
  }

  /** Operations of interest of each thread and of those that come of it. */
  #families(): void {
    const { all } = this.estimates;
    for (let i = 0; i < all.length; i++) all[i].unbornWeight = this.#interest(all[i]);
    for (let i = all.length - 1; i >= 0; i--) {
      const { parent, unbornWeight } = all[i];
      if (parent !== null) parent.unbornWeight += unbornWeight;
    }
  }

  #interest(t: Thread): number {
    let sum = 0;
    for (const slot of this.#slots) if (slot < t.mostOn.length) sum += t.mostOn[slot];
    return sum;
  }

  protected pick(count: number): number {
    if (this.#slots.length === 0) return this.drawing.sample(count);
    this.#count();
    if (this.#closing) return this.#close(count);
    const { candidates } = this.estimates;
    if (this.#intended === null) this.#intend(this.estimates.met);
    const { weights } = this.drawing;
    let free = 0;
    for (let i = 0; i < count; i++) {
      if (weights[i] === 0) continue;
      const t = candidates[i];
      if (t === this.#intended || !this.#interesting(t)) free++;
      else weights[i] = -1;
    }
    if (free > 0) return this.drawing.sample(count);
    for (let i = 0; i < count; i++) {
      if (weights[i] < 0)
        weights[i] = Math.max(1, candidates[i].weight + candidates[i].unbornWeight);
    }
    const answer = this.drawing.draw(count);
    this.#intended = candidates[answer];
    return answer;
  }

  protected override picked(t: Thread): void {
    this.drawing.did(t);
    if (!this.#interesting(t)) return;
    if (t.weight > 0) t.weight--;
    if (t === this.#intended) this.#intended = null;
  }

  #interesting(t: Thread): boolean {
    return t.v !== null && this.#focus[t.v.slot] === 1 && t.kind !== OP_WAKE && !t.again;
  }

  /** Sets what new threads have left. */
  #count(): void {
    const { met } = this.estimates;
    for (; this.#counted < met.length; this.#counted++) {
      const t = met[this.#counted];
      t.weight = this.#interest(t);
      const family = t.unbornWeight;
      t.unbornWeight -= t.weight;
      const { parent } = t;
      if (parent === null) continue;
      const before = parent.weight + parent.unbornWeight;
      parent.unbornWeight = Math.max(0, parent.unbornWeight - family);
      // The parent was intended for its children too.
      if (this.#intended === parent && this.random.below(Math.max(1, before)) < family) {
        this.#intended = t;
      }
    }
  }

  /** Draws the thread which is to do the next operation of interest. */
  #intend(threads: readonly Thread[]): void {
    let total = 0;
    for (let i = 0; i < threads.length; i++) total += threads[i].weight + threads[i].unbornWeight;
    if (total === 0) return;
    let rest = this.random.below(total);
    for (let i = 0; i < threads.length; i++) {
      rest -= threads[i].weight + threads[i].unbornWeight;
      if (rest >= 0) continue;
      this.#intended = threads[i];
      return;
    }
  }

  /** Holds back who has a lock of the cycle and comes to another, while others can run. */
  #close(count: number): number {
    const { weights } = this.drawing;
    const { candidates } = this.estimates;
    let free = 0;
    for (let i = 0; i < count; i++) {
      if (weights[i] === 0) continue;
      if (this.#interesting(candidates[i]) && this.#holdsOne(candidates[i])) weights[i] = -1;
      else free++;
    }
    if (free > 0) return this.drawing.sample(count);
    for (let i = 0; i < count; i++) weights[i] = Math.abs(weights[i]);
    return this.drawing.sample(count);
  }

  #holdsOne(t: Thread): boolean {
    return t.locks.some((v) => v !== t.v && this.#focus[v.slot] === 1 && holds(t.lwp!, v));
  }
}

/** Whether the order of operations on a variable can matter. */
function isContended({ all, facts }: Estimates, slot: number): boolean {
  if ((facts[slot] & (SHARED | WRITTEN)) !== (SHARED | WRITTEN)) return false;
  let threads = 0;
  for (const { mostOn } of all) if (slot < mostOn.length && mostOn[slot] > 0) threads++;
  return threads > 1;
}
