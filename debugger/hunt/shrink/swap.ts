/**
 * The nearest passing schedule: the failing one with two adjacent operations in the other order.
 *
 * A switch from LWP a to LWP b stands right before a's operation X, and right after X the run would
 * pass (later.ts). What b does in its turn is B1, B2, …; so `X B1 B2 … Bm` passes and `B1 B2 … Bm X`
 * fails. Somewhere between there is a j with `B1 … Bj-1 X Bj …` passing and `B1 … Bj X …` failing: up
 * to there both runs are the same, and the order of Bj and X is what makes the difference. An
 * operation Bj that conflicts with X is tried first, then halves.
 */

import {
  DIRECTIVE_STATEMENT,
  type DirectiveKind,
  LSDEAD,
  LSZOMB,
  type Lwp,
  opsConflict,
} from '../../../kernel/index.ts';
import { moveOne } from './later.ts';
import { isSwitch, type Moment, Moments, sameMoment, type Step } from './moments.ts';
import type { Questioned } from './strategy.ts';
import type { Trial, Trials } from './trial.ts';

/** Two operations, and the schedule in which they are in the other order. */
export interface SwapFound {
  /** The failing run that they are of: the shrunk one, or one with a preemption more. */
  readonly failing: Trial;
  /** The moment before Bj; null when it is what b does first of all, or first after a sleep. */
  readonly first: Moment | null;
  /** LWP b. */
  readonly firstLwp: number;
  /** The moment before X, at which LWP a is preempted. */
  readonly second: Moment;
  /** The passing run. */
  readonly passing: Trial;
}

/** Looks at one switch after another, the last first; at preemptions before others. */
export async function nearestPassing(trials: Trials, failing: Trial): Promise<SwapFound | null> {
  if (!trials.left) return null;
  const all = new Moments();
  await trials.run(failing.steps, { questioned: all });
  for (const step of failing.steps.toReversed()) {
    const found = await swapAt(trials, failing, all.list, step);
    if (found !== null) return found;
  }
  for (const step of failing.steps.toReversed()) {
    const preempting = isSwitch(step) ? await preempted(trials, failing, step) : null;
    if (preempting === null || !trials.left) continue;
    const moments = new Moments();
    await trials.run(preempting.trial.steps, { questioned: moments });
    const found = await swapAt(trials, preempting.trial, moments.list, preempting.step);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Where b runs instead of c because somebody gave up his CPU, the same failure with a preemption: c
 * begins, and b comes right before the operation of c that has to be later.
 */
async function preempted(
  trials: Trials,
  failing: Trial,
  step: Step,
): Promise<{ trial: Trial; step: Step } | null> {
  if (!trials.left) return null;
  const others = failing.steps.filter((other) => other !== step);
  const usual = new Moments();
  await trials.run(others, { questioned: usual });
  const at = usual.list.findIndex((moment) => sameMoment(moment, step));
  const first = usual.list[at + 1];
  if (at < 0 || first === undefined || usual.list[at].mayGoOn || !first.mayGoOn) return null;
  const { kind, lwp } = first;
  if (lwp === step.answer || !first.candidates.includes(step.answer)) return null;
  const early = { kind, lwp, at: first.at, answer: step.answer };
  const trial = await trials.fails([...others, early]);
  if (trial === null) return null;
  const i = trial.steps.findIndex((one) => sameMoment(first, one));
  const moved = i < 0 ? trial : await moveOne(trials, trial, i);
  const late = moved.steps.find((one) => one.lwp === lwp && one.answer === step.answer);
  return late === undefined ? null : { trial: moved, step: late };
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
  const turn = turnOf(all, start, step.answer);
  const passes = async (j: number): Promise<Trial | null> => {
    if (!trials.left) return null;
    const going = new Going(all[start], j < 0 ? null : turn[j], step.answer);
    const trial = await trials.run(j < 0 ? others : [...others, step], { questioned: going });
    return trial.outcome.verdict === 'passed' && going.wasDone ? trial : null;
  };
  const search = new Search(turn.length, passes);
  const guesses = conflicts(all[start], turn);
  const found = (await search.guessed(guesses)) ?? (await search.halved());
  if (found === null) return null;
  const { j, passing } = found;
  return {
    failing,
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

/**
 * Lets LWP a do X at a moment of b's turn, or before all of it, and then b go on. Whoever was
 * preempted before an operation may get to it by another way, with more moments before it: X is done
 * when a is about to do something else, or is gone.
 */
class Going implements Questioned {
  readonly #x: Moment;
  readonly #there: Moment | null;
  readonly #b: number;
  #a: Lwp | null = null;
  #state: 'before' | 'doing' | 'done' | 'failed' = 'before';

  constructor(x: Moment, there: Moment | null, b: number) {
    this.#x = x;
    this.#there = there;
    this.#b = b;
  }

  /** Whether a did X there. */
  get wasDone(): boolean {
    return this.#state === 'done' || (this.#state === 'doing' && isGone(this.#a));
  }

  asked(
    kind: DirectiveKind,
    current: Lwp | null,
    at: number,
    candidates: readonly Lwp[],
    count: number,
  ): number | undefined {
    const lwp = current === null ? 0 : current.id;
    if (this.#state === 'before') {
      const now = { kind, lwp, at };
      if (this.#there === null) {
        if (!sameMoment(this.#x, now)) return undefined;
        this.#a = current;
        this.#state = 'doing';
        return undefined;
      }
      return sameMoment(this.#there, now) ? this.#goTo(candidates, count) : undefined;
    }
    if (this.#state !== 'doing') return undefined;
    if (lwp !== this.#x.lwp) {
      this.#state = isGone(this.#a) ? 'done' : 'failed';
      return undefined;
    }
    if (this.#isX(current, kind)) return undefined;
    this.#state = indexOf(candidates, count, lwp) !== undefined ? 'done' : 'failed';
    return indexOf(candidates, count, this.#b);
  }

  #goTo(candidates: readonly Lwp[], count: number): number | undefined {
    const a = indexOf(candidates, count, this.#x.lwp);
    this.#state = a === undefined ? 'failed' : 'doing';
    if (a !== undefined) this.#a = candidates[a];
    return a;
  }

  #isX(l: Lwp | null, kind: DirectiveKind): boolean {
    const { op, about } = this.#x;
    if (about === null || l === null || l.op === null || kind === DIRECTIVE_STATEMENT) return false;
    return l.opKind === op && l.op.id === about.id;
  }
}

function isGone(l: Lwp | null): boolean {
  return l !== null && (l.stat === LSZOMB || l.stat === LSDEAD);
}

function indexOf(candidates: readonly Lwp[], count: number, lwp: number): number | undefined {
  for (let i = 0; i < count; i++) if (candidates[i].id === lwp) return i;
  return undefined;
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
