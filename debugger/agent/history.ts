/**
 * The statements just before the one where the target stands: what a step back looks at first,
 * so that it costs one run instead of two.
 */

import type { Matcher, Statement } from './rules.ts';

/** Statements kept. */
export const HISTORY = 4096;

export class History {
  readonly #icounts = new Float64Array(HISTORY);
  readonly #words = new Int32Array(HISTORY * 4);
  /** Statements noted since the last clear(). */
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  note({ icount, lwp, depth, site, points }: Statement): void {
    const slot = this.#count++ % HISTORY;
    this.#icounts[slot] = icount;
    const words = this.#words;
    words[slot * 4] = lwp;
    words[slot * 4 + 1] = depth;
    words[slot * 4 + 2] = site;
    words[slot * 4 + 3] = points;
  }

  /** The last match before icount `before`; -1 when there is none among these. */
  find(matcher: Matcher, before: number): number {
    let found = -1;
    const from = Math.max(0, this.#count - HISTORY);
    let last = -1;
    for (let i = from; i < this.#count; i++) {
      const s = this.#read(i % HISTORY);
      // A gap: what came before was of an earlier stretch.
      if (last >= 0 && s.icount !== last + 1) found = -1;
      last = s.icount;
      if (s.icount >= before) break;
      const match = matcher.match(s);
      if (match >= 0) found = match;
    }
    return last >= before - 1 ? found : -1;
  }

  #read(slot: number): Statement {
    const words = this.#words;
    return {
      icount: this.#icounts[slot],
      lwp: words[slot * 4],
      depth: words[slot * 4 + 1],
      site: words[slot * 4 + 2],
      points: words[slot * 4 + 3],
    };
  }
}
