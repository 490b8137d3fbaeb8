/**
 * The nearest passing schedule: the failing one with two adjacent operations in the other order.
 *
 * A switch from LWP a to LWP b stands right before a's operation X, and right after X the run would
 * pass (later.ts). What b does in its turn is B1, B2, …; so `X B1 B2 … Bm` passes and `B1 B2 … Bm X`
 * fails. Somewhere between there is a j with `B1 … Bj-1 X Bj …` passing and `B1 … Bj X …` failing: up
 * to there both runs are the same, and the order of Bj and X is what makes the difference. An
 * operation Bj that conflicts with X is tried first, then halves.
 */

import { opsConflict } from '../../../kernel/index.ts';
import { type Moment, Moments, sameMoment, type Step } from './moments.ts';
import type { Trial, Trials } from './trial.ts';

/** Two operations, and the schedule in which they are in the other order. */
export interface SwapFound {
  /** The moment before Bj; null when it is what b does first of all, or first after a sleep. */
  readonly first: Moment | null;
  /** LWP b. */
  readonly firstLwp: number;
  /** The moment before X, at which LWP a is preempted. */
  readonly second: Moment;
  /** The passing run. */
  readonly passing: Trial;
}

/** Looks at one switch after another, the last first. */
export async function nearestPassing(trials: Trials, failing: Trial): Promise<SwapFound | null> {
  const all = new Moments();
  await trials.run(failing.steps, { questioned: all });
  for (const step of failing.steps.toReversed()) {
    const found = await swapAt(trials, failing, all.list, step);
    if (found !== null) return found;
  }
  return null;
}

async function swapAt(
  trials: Trials,
  failing: Trial,
  all: readonly Moment[],
  step: Step,
): Promise<SwapFound | null> {
  const start = all.findIndex((moment) => sameMoment(moment, step));
  if (start < 0 || !all[start].mayGoOn || !trials.left) return null;
  const others = failing.steps.filter((other) => other !== step);
  const after = await momentAfter(trials, others, step);
  const turn = turnOf(all, start, step.answer);
  /** b does what comes before turn[j], then a does X, then b goes on. */
  const swapped = (j: number): readonly Step[] => {
    const there = j < 0 ? [] : [{ ...turn[j], answer: step.lwp }];
    const back = after === null ? [] : [{ ...after, answer: step.answer }];
    return j < 0 ? [...others, ...back] : [...others, step, ...there, ...back];
  };
  const passes = async (j: number): Promise<Trial | null> => {
    if (!trials.left) return null;
    const trial = await trials.run(swapped(j));
    return trial.outcome.verdict === 'passed' && trial.exact ? trial : null;
  };
  const search = new Search(turn.length, passes);
  const guesses = conflicts(all[start], turn);
  const found = (await search.guessed(guesses)) ?? (await search.halved());
  if (found === null) return null;
  const { j, passing } = found;
  return {
    first: j < 0 ? earlier(all, start, step.answer) : turn[j],
    firstLwp: step.answer,
    second: all[start],
    passing,
  };
}

interface Place {
  /** X stands right before turn[j]; -1: before all of b's turn. */
  readonly j: number;
  readonly passing: Trial;
}

/** The last place for X, from the beginning of b's turn, at which the run passes. */
class Search {
  readonly #count: number;
  readonly #passes: (j: number) => Promise<Trial | null>;
  readonly #known = new Map<number, Trial | null>();

  constructor(count: number, passes: (j: number) => Promise<Trial | null>) {
    this.#count = count;
    this.#passes = passes;
  }

  async #at(j: number): Promise<Trial | null> {
    if (j >= this.#count) return null;
    const known = this.#known.get(j);
    if (known !== undefined) return known;
    const trial = await this.#passes(j);
    this.#known.set(j, trial);
    return trial;
  }

  async guessed(guesses: readonly number[]): Promise<Place | null> {
    for (const j of guesses) {
      const passing = await this.#at(j);
      if (passing !== null && (await this.#at(j + 1)) === null) return { j, passing };
    }
    return null;
  }

  async halved(): Promise<Place | null> {
    let low = -1;
    let high = this.#count;
    let passing = await this.#at(low);
    if (passing === null) return null;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const trial = await this.#at(middle);
      if (trial === null) high = middle;
      else {
        low = middle;
        passing = trial;
      }
    }
    return { j: low, passing };
  }
}

/** Guesses that are tried. */
const GUESSES_MAX = 4;

/** Places in b's turn before an operation that conflicts with X. */
function conflicts(x: Moment, turn: readonly Moment[]): number[] {
  const places: number[] = [];
  turn.forEach(({ about, op }, j) => {
    if (about !== null && about === x.about && opsConflict(op, x.op)) places.push(j);
  });
  return places.slice(0, GUESSES_MAX);
}

/** The moment of LWP a that follows its operation X, when it is not preempted before X. */
async function momentAfter(
  trials: Trials,
  others: readonly Step[],
  step: Step,
): Promise<Moment | null> {
  const moments = new Moments(step.lwp);
  await trials.run(others, { questioned: moments });
  const at = moments.list.findIndex((moment) => sameMoment(moment, step));
  const after = moments.list[at + 1];
  return at >= 0 && after?.mayGoOn === true ? after : null;
}

/** The moments of LWP b's turn, which begins after moment `start`. */
function turnOf(all: readonly Moment[], start: number, b: number): Moment[] {
  const turn: Moment[] = [];
  for (const moment of all.slice(start + 1)) {
    if (moment.lwp !== b) break;
    if (moment.mayGoOn) turn.push(moment);
  }
  return turn;
}

/** Where LWP b was preempted before its turn: what it does first. */
function earlier(all: readonly Moment[], start: number, b: number): Moment | null {
  const before = all.slice(0, start).findLast(({ lwp }) => lwp === b);
  return before?.mayGoOn === true ? before : null;
}
