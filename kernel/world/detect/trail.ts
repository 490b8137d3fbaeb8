/**
 * A short memory of where LWPs were: the CPU, call sites and locks at accesses, in a ring of words.
 *
 * Only the second side of a race still stands where it races; what the first side's surroundings
 * were has to be noted at every access that may become one. A place is good until the ring has gone
 * round; then a report has to do without call sites and locks of that side.
 *
 * A place   1 word: call sites | locks << 8 | CPU << 16; the call sites, innermost first; the locks
 *           (Sync.index), negative where held shared: ~index.
 */

import { hooks } from '../../hooks.ts';
import type { Actor } from './ordering.ts';

const WORDS = 1 << 16;
const MASK = WORDS - 1;
/** Of the call sites and locks at a place, those that are kept. */
const SITES_MAX = 12;
const LOCKS_MAX = 8;

/** What was noted at a place. */
export interface Surroundings {
  readonly cpu: number;
  readonly callSites: number[];
  /** Sync.index, or its complement where held shared. */
  readonly locks: number[];
}

export class Trail {
  readonly #words = new Int32Array(WORDS);
  #top = 0;

  reset(): void {
    this.#top = 0;
  }

  /** Notes where the running LWP is; gives the place. */
  note(a: Actor): number {
    const words = this.#words;
    const at = this.#top;
    const { sites, fp } = hooks;
    const { held, heldShared } = a;
    const bottom = fp > SITES_MAX ? fp - SITES_MAX : 1;
    let top = at + 1;
    for (let i = fp - 1; i >= bottom; i--) words[top++ & MASK] = sites[i];
    const first = held.length > LOCKS_MAX ? held.length - LOCKS_MAX : 0;
    for (let i = first; i < held.length; i++) {
      words[top++ & MASK] = heldShared[i] ? ~held[i].index : held[i].index;
    }
    const callSites = fp > bottom ? fp - bottom : 0;
    words[at & MASK] = callSites | ((held.length - first) << 8) | (a.lwp.cpu.index << 16);
    this.#top = top;
    return at;
  }

  /** What was noted at a place; undefined when it was overwritten. */
  at(place: number): Surroundings | undefined {
    if (this.#top - place > WORDS) return undefined;
    const words = this.#words;
    const head = words[place & MASK];
    const sites = head & 0xff;
    const locks = (head >> 8) & 0xff;
    const surroundings: Surroundings = { cpu: head >> 16, callSites: [], locks: [] };
    let at = place + 1;
    for (let i = 0; i < sites; i++) surroundings.callSites.push(words[at++ & MASK]);
    for (let i = 0; i < locks; i++) surroundings.locks.push(words[at++ & MASK]);
    return surroundings;
  }
}
