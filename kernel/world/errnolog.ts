/**
 * Where errnos were made: a ring of the last origins, cheap enough to be always on.
 *
 * Each entry holds the errno, its site, icount, LWP and the call sites of the frame list at that
 * moment. A replay for `why` swaps in a log without a limit that also keeps native frames.
 */

import { hooks } from '../hooks.ts';
import type { Errno } from '../kern/errno.ts';
import { type Position, siteTable } from '../sites.ts';

/** Where and when an errno came into being. */
export interface ErrnoOrigin {
  readonly errno: Errno;
  readonly icount: number;
  readonly lwp: number;
  readonly site: number;
  /** The statement; undefined in code that was not instrumented. */
  readonly position: Position | undefined;
  /** Call sites outwards from the innermost generator. */
  readonly callSites: readonly number[];
}

/** Entries kept. */
const ENTRIES = 64;
/** Frames kept of each, innermost first. */
const DEPTH = 24;

export class ErrnoLog {
  readonly #errnos: (Errno | null)[] = new Array(ENTRIES).fill(null);
  readonly #numbers = new Int32Array(ENTRIES * (DEPTH + 4));
  /** Entries ever written. */
  count = 0;

  /** Notes one origin; `lwp` is 0 outside of any. */
  note(errno: Errno, site: number, lwp: number): void {
    const slot = this.count++ % ENTRIES;
    this.#errnos[slot] = errno;
    const base = slot * (DEPTH + 4);
    const numbers = this.#numbers;
    numbers[base] = site;
    numbers[base + 1] = hooks.icount;
    numbers[base + 2] = lwp;
    const depth = Math.min(DEPTH, hooks.fp - 1);
    numbers[base + 3] = depth;
    for (let i = 0; i < depth; i++) numbers[base + 4 + i] = hooks.sites[hooks.fp - 1 - i];
  }

  /** The newest origin of `errno` at or after icount `since`, preferably by LWP `lwp`. */
  find(errno: Errno, lwp: number, since: number): ErrnoOrigin | undefined {
    let other: ErrnoOrigin | undefined;
    const oldest = Math.max(0, this.count - ENTRIES);
    for (let i = this.count - 1; i >= oldest; i--) {
      const slot = i % ENTRIES;
      if (this.#errnos[slot] !== errno) continue;
      const origin = this.#read(slot, errno);
      if (origin.icount < since) break;
      if (origin.lwp === lwp) return origin;
      other ??= origin;
    }
    return other;
  }

  #read(slot: number, errno: Errno): ErrnoOrigin {
    const base = slot * (DEPTH + 4);
    const numbers = this.#numbers;
    return {
      errno,
      site: numbers[base],
      icount: numbers[base + 1],
      lwp: numbers[base + 2],
      position: siteTable.position(numbers[base]),
      callSites: Array.from(numbers.subarray(base + 4, base + 4 + numbers[base + 3])),
    };
  }
}
