/**
 * Certifying that a failing schedule cannot be smaller: all schedules with fewer preemptions are run,
 * as long as they are few.
 *
 * This is iterative context bounding: Musuvathi and Qadeer, "Iterative Context Bounding for Systematic
 * Testing of Multithreaded Programs", PLDI 2007. Who runs when an LWP cannot go on, and who of several
 * waiters wakes, costs nothing and is tried in every way; a preemption costs one, and so does a fault
 * or an interrupt that the default schedule does not have.
 *
 * At the grain `access`, accesses to what one LWP alone touches are no places for a preemption. Which
 * those are is learned from the runs before, and a search that was wrong about one begins again.
 */

import {
  type ChoiceKind,
  defaultNext,
  type Lwp,
  type Strategy,
  type World,
} from '../../../kernel/index.ts';
import type { Trial, Trials } from './trial.ts';
import type { Certificate } from './types.ts';

/** What all runs together may take, in statements: a second or so. A question is worth some. */
const WORK_MAX = 20_000_000;
const QUESTION_WORK = 40;

export const NOT_SEARCHED: Certificate = {
  minimal: false,
  searched: -1,
  tried: 0,
  sentence: 'not certified: smaller schedules were not looked for',
};

/** What a search came to. */
export interface Certified {
  readonly certificate: Certificate;
  /** A failing schedule with fewer preemptions; null when there is none, or none was met. */
  readonly smaller: Trial | null;
}

/** Runs at most `limit` schedules with fewer preemptions than `failing` has. */
export async function certify(trials: Trials, failing: Trial, limit: number): Promise<Certified> {
  const cost = failing.preemptions + failing.choices;
  const search = new BoundedSearch(trials, limit);
  for (let bound = 0; bound < cost; bound++) {
    const end = await search.all(bound);
    if (end === 'spent')
      return { certificate: given(cost, bound - 1, search.tried), smaller: null };
    if (end !== null) return { certificate: minimal(bound, search.tried), smaller: end };
  }
  return { certificate: minimal(cost, search.tried), smaller: null };
}

function minimal(cost: number, tried: number): Certificate {
  const sentence =
    cost === 0
      ? 'it fails without any preemption'
      : `no schedule with fewer than ${preemptions(cost)} fails (${tried} tried)`;
  return { minimal: true, searched: cost - 1, tried, sentence };
}

function given(cost: number, searched: number, tried: number): Certificate {
  const none = searched < 0 ? '' : `; none with at most ${searched} fails`;
  const sentence = `not certified: schedules with fewer than ${preemptions(cost)} are too many to try (${tried} tried${none})`;
  return { minimal: false, searched, tried, sentence };
}

function preemptions(count: number): string {
  return count === 1 ? '1 preemption' : `${count} preemptions`;
}

class BoundedSearch {
  readonly #trials: Trials;
  readonly #limit: number;
  #work = 0;
  /** Variables, by Variable.id, that were met, and those that several LWPs touched. */
  readonly #met = new Set<number>();
  readonly #shared = new Set<number>();
  tried = 0;

  constructor(trials: Trials, limit: number) {
    this.#trials = trials;
    this.#limit = limit;
  }

  /** All schedules with at most `bound` preemptions; gives one that fails in the same way. */
  async all(bound: number): Promise<Trial | 'spent' | null> {
    for (;;) {
      const priv = new Set([...this.#met].filter((id) => !this.#shared.has(id)));
      const strategy = new BoundedStrategy(bound, priv, (w) => this.#learn(w));
      do {
        if (this.tried >= this.#limit || this.#work >= WORK_MAX) return 'spent';
        const trial = await this.#trials.search(strategy);
        this.tried++;
        this.#work += trial.outcome.icount + strategy.questions * QUESTION_WORK;
        if (trial.key === this.#trials.key) return trial;
      } while (strategy.advance());
      if (![...priv].some((id) => this.#shared.has(id))) return null;
    }
  }

  #learn({ variables }: World): void {
    for (const { id, shared } of variables?.all.slice(0, variables.count) ?? []) {
      this.#met.add(id);
      if (shared) this.#shared.add(id);
    }
  }
}

/** A question with more than one affordable answer. */
interface Fork {
  /** -1 is what the default schedule does. */
  readonly answers: readonly number[];
  readonly costs: readonly number[];
  taken: number;
}

/** Depth first: the last question at which something is left to try is answered anew. */
export class BoundedStrategy implements Strategy {
  readonly name = 'bounded';
  readonly sharedOnly = true;
  readonly ended: (w: World) => void;
  readonly #private: ReadonlySet<number>;
  readonly #bound: number;
  readonly #forks: Fork[] = [];
  #depth = 0;
  #cost = 0;
  preemptions = 0;
  /** Asked in this run. */
  questions = 0;

  constructor(bound: number, priv: ReadonlySet<number>, ended: (w: World) => void) {
    this.#bound = bound;
    this.#private = priv;
    this.ended = ended;
  }

  isPrivate(id: number): boolean {
    return this.#private.has(id);
  }

  begin(): void {
    this.#depth = 0;
    this.#cost = 0;
    this.preemptions = 0;
    this.questions = 0;
  }

  /** Goes to the next schedule; false when all were made. */
  advance(): boolean {
    this.#forks.length = Math.min(this.#forks.length, this.#depth);
    for (let fork = this.#forks.pop(); fork !== undefined; fork = this.#forks.pop()) {
      if (++fork.taken >= fork.answers.length) continue;
      this.#forks.push(fork);
      return true;
    }
    return false;
  }

  #answer(answers: readonly number[], costs: readonly number[]): number {
    if (answers.length === 1) return answers[0];
    const fork = this.#forks[this.#depth] ?? { answers, costs, taken: 0 };
    this.#forks[this.#depth++] = fork;
    this.#cost += fork.costs[fork.taken];
    return fork.answers[fork.taken];
  }

  next(candidates: readonly Lwp[], count: number, current: Lwp | null): number {
    this.questions++;
    const usual = defaultNext(candidates, count, current, 0);
    const mayGoOn = candidates[usual] === current;
    const price = mayGoOn ? 1 : 0;
    if (count === 1 || this.#cost + price > this.#bound) return -1;
    const answers = [-1];
    const costs = [0];
    for (let i = 0; i < count; i++) {
      if (i === usual) continue;
      answers.push(i);
      costs.push(price);
    }
    const answer = this.#answer(answers, costs);
    if (answer >= 0) this.preemptions += price;
    return answer;
  }

  choose(kind: ChoiceKind, count: number): number {
    const price = kind === 'waiter' ? 0 : 1;
    if (this.#cost + price > this.#bound) return 0;
    const answers = Array.from({ length: count }, (_, i) => i);
    return this.#answer(
      answers,
      answers.map((answer) => (answer === 0 ? 0 : price)),
    );
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
