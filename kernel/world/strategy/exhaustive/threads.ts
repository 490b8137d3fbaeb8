/**
 * Numbers for LWPs that are the same in every schedule, from 0: who made it, and as its how-manieth
 * child. Lwp.id is no such number, as it counts the world's LWPs in the order in which they are made.
 */

import type { Lwp } from '../../../kern/lwp.ts';

/** Children that one LWP may make, for the keys. */
const CHILDREN_MAX = 1 << 20;

export class Threads {
  /** By creator's number and ordinal. */
  readonly #numbers = new Map<number, number>();
  /** Of this run, by Lwp.id; -1 where not yet asked. */
  readonly #ofRun: number[] = [];

  /** How many were seen in all runs. */
  get count(): number {
    return this.#numbers.size;
  }

  begin(): void {
    this.#ofRun.length = 0;
  }

  of(l: Lwp): number {
    const known = this.#ofRun[l.id];
    if (known !== undefined && known >= 0) return known;
    return this.#add(l);
  }

  #add(l: Lwp): number {
    const creator = l.creator === null ? -1 : this.of(l.creator);
    const key = (creator + 1) * CHILDREN_MAX + l.ordinal;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(key, number);
    }
    while (this.#ofRun.length < l.id) this.#ofRun.push(-1);
    this.#ofRun[l.id] = number;
    return number;
  }
}
