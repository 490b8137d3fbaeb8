/**
 * Exhaustive search as a strategy: every schedule of a small program that makes a difference, and a
 * certificate at the end.
 *
 * Example  const s = new ExhaustiveStrategy();
 *          while (s.more()) { s.begin(); …run a fresh world with s…; s.ended(world); }
 *          s.certificate()   'all 4 classes explored, in 4 executions'
 *
 * Without options it is dpor.ts; with a bound on preemptions it is bounded.ts, whose every bound from
 * 0 up is complete before the next begins, so that it can be stopped at any time.
 */

import type { Lwp } from '../../../kern/lwp.ts';
import type { DirectiveKind } from '../../directives.ts';
import type { Monitor } from '../../monitor.ts';
import type { World } from '../../world.ts';
import type { ChoiceKind, Strategy } from '../strategy.ts';
import { BoundedSearch } from './bounded.ts';
import { DporSearch } from './dpor.ts';
import { certificate, type Search } from './search.ts';

export interface ExhaustiveOptions {
  /** Most preemptions that a schedule may have; Infinity to go on until that makes no difference. */
  readonly preemptions?: number;
}

export class ExhaustiveStrategy implements Strategy {
  readonly name = 'exhaustive';
  readonly looksAtOps = true;
  readonly monitor?: Monitor;
  readonly #search: Search;

  constructor(options: ExhaustiveOptions = {}) {
    const { preemptions } = options;
    this.#search = preemptions === undefined ? new DporSearch() : new BoundedSearch(preemptions);
    const { monitor } = this.#search;
    if (monitor !== undefined) this.monitor = monitor;
  }

  /** Another run is needed. */
  more(): boolean {
    return this.#search.more();
  }

  /** Runs made. */
  get executions(): number {
    return this.#search.executions;
  }

  /** Complete runs, no two of them equivalent. */
  get classes(): number {
    return this.#search.classes;
  }

  /** Runs that were in vain: equivalent to others. */
  get blocked(): number {
    return this.#search.blocked;
  }

  /** The search came to its end and nothing was left out. */
  get exhausted(): boolean {
    const { cut, diverged } = this.#search.caveats;
    return !this.more() && cut === 0 && diverged === '';
  }

  /** What has been shown, in a sentence. */
  certificate(): string {
    return certificate(this.#search);
  }

  begin(): void {
    this.#search.begin();
  }

  ended(w: World): void {
    this.#search.ended(w);
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
    return this.#search.next(candidates, count, current, kind);
  }

  choose(kind: ChoiceKind, count: number): number {
    return this.#search.choose(kind, count);
  }

  pointStride(): number {
    return 1;
  }

  accessStride(): number {
    return 1;
  }

  statementStride(): number {
    return 1;
  }
}
