/**
 * Bounded exhaustive search over schedules, for the smallest of programs: depth-first over the
 * answers to every question the scheduler asks, with a bound on preemptions (Musuvathi and Qadeer,
 * "Iterative Context Bounding", PLDI 2007).
 *
 * A choice that takes the CPU from an LWP which could go on is a preemption; one that follows a
 * sleep or an exit is free.
 */

import type { Main, Verdict } from '../../kernel/index.ts';
import type { ChoiceKind, Lwp, Strategy } from '../../kernel/index.ts';
import { once, type RunOptions } from './harness.ts';

interface Choice {
  answer: number;
  readonly alternatives: number[];
}

/** Follows one path of the tree; advance() moves to the next. */
class ExhaustiveStrategy implements Strategy {
  readonly name = 'exhaustive';
  readonly #bound: number;
  readonly #path: Choice[] = [];
  #depth = 0;
  #preemptions = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  begin(): void {
    this.#depth = 0;
    this.#preemptions = 0;
  }

  next(candidates: readonly Lwp[], count: number, current: Lwp | null): number {
    const stay = candidates.indexOf(current as Lwp);
    const own = stay >= 0 && stay < count ? stay : -1;
    const order = own >= 0 ? [own] : [];
    const may = own < 0 || this.#preemptions < this.#bound;
    for (let i = 0; may && i < count; i++) if (i !== own) order.push(i);
    const answer = this.#take(order);
    if (own >= 0 && answer !== own) this.#preemptions++;
    return answer;
  }

  choose(_kind: ChoiceKind, count: number): number {
    return this.#take(Array.from({ length: count }, (_, i) => i));
  }

  #take(alternatives: number[]): number {
    const depth = this.#depth++;
    if (depth === this.#path.length) this.#path.push({ answer: 0, alternatives });
    const { answer } = this.#path[depth];
    return this.#path[depth].alternatives[answer];
  }

  /** The next path; false when all were taken. */
  advance(): boolean {
    while (this.#path.length > 0) {
      const last = this.#path[this.#path.length - 1];
      if (++last.answer < last.alternatives.length) return true;
      this.#path.pop();
    }
    return false;
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return 1;
  }
}

export interface Explored {
  readonly schedules: number;
  readonly verdicts: Partial<Record<Verdict, number>>;
}

/** Runs every schedule with at most `preemptions` preemptions; throws beyond `limit` of them. */
export function exploreAll(
  options: RunOptions & { readonly preemptions: number; readonly limit?: number },
  main: Main,
): Explored {
  const strategy = new ExhaustiveStrategy(options.preemptions);
  const verdicts: Partial<Record<Verdict, number>> = {};
  const limit = options.limit ?? 100_000;
  let schedules = 0;
  do {
    if (++schedules > limit) throw new Error(`more than ${limit} schedules`);
    const { verdict } = once(options, main, strategy).outcome;
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  } while (strategy.advance());
  return { schedules, verdicts };
}
