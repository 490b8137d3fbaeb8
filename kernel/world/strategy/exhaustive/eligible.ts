/**
 * Who of the candidates may be taken next: what exhaustive searches leave out without losing
 * anything, or say that they leave out.
 *
 * Locks    An LWP whose next operation is to take a mutex that another holds is left out, while
 *          others can run: it would only fall asleep, and be woken to try again. At an rwlock it is
 *          not: who waits there makes others wait.
 * Yielding An LWP that yields (preempt(9) about nothing, sched_yield(2)) at one place twice in a row
 *          waits until every LWP that could have run since the first time has: a loop that waits for
 *          another LWP ends. Musuvathi and Qadeer, "Fair Stateless Model Checking", PLDI 2008, do so
 *          at every second yield. `yielded` says that it happened.
 */

import { hooks } from '../../../hooks.ts';
import type { Lwp } from '../../../kern/lwp.ts';
import { DIRECTIVE_POINT, type DirectiveKind } from '../../directives.ts';
import { OP_POINT, opBlocked } from '../../op.ts';
import { isMutex } from './locks.ts';
import type { Threads } from './threads.ts';

function isBlocked(l: Lwp): boolean {
  return opBlocked(l) && l.op !== null && isMutex(l.op.object);
}

export class Eligible {
  /** Their numbers, and where they are among the candidates. */
  readonly threads: number[] = [];
  readonly at: number[] = [];
  /** An LWP had to wait in this run because it yielded again. */
  yielded = false;
  readonly #known: Threads;
  /** Steps of this run. */
  #steps = 0;
  /** By LWP: its last step, its last yield's step and place, the yield since which others run. */
  readonly #ran: number[] = [];
  readonly #yieldStep: number[] = [];
  readonly #yieldSite: number[] = [];
  readonly #waits: number[] = [];

  constructor(threads: Threads) {
    this.#known = threads;
  }

  begin(): void {
    this.#steps = 0;
    this.yielded = false;
    this.#ran.fill(-1);
    this.#yieldStep.fill(-1);
    this.#waits.fill(-1);
  }

  /** A question is asked: who yields by it. What comes before a call yields to nobody. */
  asked(current: Lwp | null, kind: DirectiveKind): void {
    if (kind !== DIRECTIVE_POINT || current === null) return;
    if (current.opKind !== OP_POINT || current.op !== null) return;
    const thread = this.#room(current);
    const again = this.#yieldStep[thread] >= 0 && this.#yieldSite[thread] === hooks.site;
    if (again) this.#waits[thread] = this.#yieldStep[thread];
    this.#yieldStep[thread] = this.#steps;
    this.#yieldSite[thread] = hooks.site;
  }

  #room(l: Lwp): number {
    const thread = this.#known.of(l);
    while (this.#ran.length <= thread) {
      this.#ran.push(-1);
      this.#yieldStep.push(-1);
      this.#yieldSite.push(0);
      this.#waits.push(-1);
    }
    return thread;
  }

  /** An LWP takes a step. */
  runs(l: Lwp): void {
    const thread = this.#room(l);
    this.#ran[thread] = this.#steps++;
    this.#waits[thread] = -1;
  }

  /** A number made of the candidates and of what they are about to do. */
  signature(candidates: readonly Lwp[], count: number): number {
    let hash = count;
    for (let i = 0; i < count; i++) {
      const l = candidates[i];
      const word = this.#known.of(l) * 16 + l.opKind;
      hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
    }
    return hash;
  }

  /** Fills `threads` and `at`. */
  choose(candidates: readonly Lwp[], count: number): void {
    this.threads.length = 0;
    this.at.length = 0;
    for (let i = 0; i < count; i++) if (!isBlocked(candidates[i])) this.#add(candidates[i], i);
    if (this.threads.length === 0) {
      for (let i = 0; i < count; i++) this.#add(candidates[i], i);
    }
    if (this.threads.some((thread) => this.#waits[thread] >= 0)) this.#leaveOutYielding();
  }

  #add(l: Lwp, at: number): void {
    this.threads.push(this.#room(l));
    this.at.push(at);
  }

  #leaveOutYielding(): void {
    const others = this.threads.slice();
    for (let i = others.length - 1; i >= 0; i--) {
      const since = this.#waits[others[i]];
      const behind = (other: number) => other !== others[i] && this.#ran[other] < since;
      if (since < 0 || !others.some(behind)) continue;
      this.threads.splice(i, 1);
      this.at.splice(i, 1);
      this.yielded = true;
    }
  }
}
