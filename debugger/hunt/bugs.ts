/**
 * The bugs of a hunt: one entry for each distinct one, and whether the hunt has what it is for.
 *
 * Goal     With an expectation of the program: the verdict that it expects. Without: a schedule that
 *          fails. A data race in a schedule that passes is a finding, but a lesser one: the hunt goes
 *          on for GRACE schedules to see what it breaks, and what that is becomes the headline.
 */

import type { Expectation, Verdict } from '../../kernel/index.ts';
import { judge } from '../run/expected.ts';
import type { Bug, Found } from './found.ts';

/** Schedules that a hunt goes on after a lesser finding. */
const GRACE = 1000;

/** Verdicts of reports on runs that may go on and pass. */
const NOTED: ReadonlySet<Verdict> = new Set<Verdict>(['data-race', 'lock-order', 'invariant']);

export class Bugs {
  readonly #expected: Expectation | undefined;
  readonly #seekAll: boolean;
  readonly #bugs = new Map<string, { found: Found; times: number }>();

  /** `seek` all: a hunt that goes on past what it finds. */
  constructor(expected: Expectation | undefined, seek: 'first' | 'all') {
    this.#expected = expected?.verdict === 'passed' ? undefined : expected;
    this.#seekAll = seek === 'all';
  }

  /** Counts what a schedule showed. */
  add(found: Found, times = 1): void {
    const known = this.#bugs.get(found.signature);
    if (known === undefined) {
      this.#bugs.set(found.signature, { found, times });
      return;
    }
    known.times += times;
    if (found.index < known.found.index) known.found = found;
  }

  merge(bugs: readonly Bug[]): void {
    for (const { found, times } of bugs) this.add(found, times);
  }

  /** How many distinct ones there are. */
  get size(): number {
    return this.#bugs.size;
  }

  #isGoal({ verdict, message }: Found): boolean {
    if (this.#expected !== undefined) return judge(verdict, message, this.#expected).ok;
    return !NOTED.has(verdict);
  }

  /** The number from which on no schedule is wanted any more; Infinity while all are. */
  get end(): number {
    if (this.#seekAll) return Number.POSITIVE_INFINITY;
    let end = Number.POSITIVE_INFINITY;
    for (const { found } of this.#bugs.values()) {
      if (this.#isGoal(found)) end = Math.min(end, found.index + 1);
      else if (this.#expected === undefined) end = Math.min(end, found.index + 1 + GRACE);
    }
    return end;
  }

  /** All, what the hunt is for first, then in the order of their first schedules. */
  list(): Bug[] {
    const goals = (bug: Bug) => (this.#isGoal(bug.found) ? 0 : 1);
    return [...this.#bugs.values()].sort(
      (a, b) => goals(a) - goals(b) || a.found.index - b.found.index || order(a, b),
    );
  }
}

/** Of what one schedule showed, the failure comes first. */
function order(a: Bug, b: Bug): number {
  return Number(NOTED.has(a.found.verdict)) - Number(NOTED.has(b.found.verdict));
}
