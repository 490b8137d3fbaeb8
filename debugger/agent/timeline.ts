/**
 * What every run of a debugging session follows: a seed or a recording, the host's answers, and
 * whatever the user did to the run.
 *
 * A run is a function of these, so running again up to an icount gives the same moment. The host is
 * asked once: what it answered in the first run is what later runs get, and the live host goes on
 * where the answers end.
 */

import { dirname } from 'node:path';
import type { RecordingData } from '../../corefiles/index.ts';
import {
  conclude,
  type HypercallRecord,
  hooks,
  type Lwp,
  ReplayStrategy,
  type Strategy,
  type World,
} from '../../kernel/index.ts';
import { SeededHost } from '../run/host.ts';
import type { LoadedProgram } from '../run/load.ts';
import { directiveWords, hypercallsOf } from '../run/record.ts';
import { makeStrategy, type RunSpec } from '../run/spec.ts';
import { UNREPEATABLE } from '../vitest/rerun.ts';
import type { TargetOutcome } from '../target/target.ts';
import { DIVERGED, type Intervention } from './protocol.ts';

/** A stretch in which one LWP ran alone. */
interface Alone {
  readonly lwp: number;
  readonly from: number;
  until: number;
}

/** What was done to a session's runs, and what its host said. */
export interface Belongings {
  readonly records: readonly HypercallRecord[];
  readonly alone: readonly Alone[];
  readonly interventions: readonly Intervention[];
  readonly divertedFrom: number;
}

/** The files of a session's host stay open: a later run may go on where an earlier one stopped. */
class SessionHost extends SeededHost {
  override close(): void {}
}

export class Timeline {
  readonly spec: RunSpec;
  readonly #data: RecordingData | null;
  readonly #follows: 'exactly' | 'adapted';
  readonly host: SessionHost;
  #records: HypercallRecord[];
  readonly #alone: Alone[] = [];
  /** The user's writes, in order. */
  readonly interventions: Intervention[] = [];
  /** The first icount at which the run is no longer what it would have been. */
  divertedFrom = Number.MAX_SAFE_INTEGER;

  constructor(
    loaded: LoadedProgram,
    spec: RunSpec,
    data: RecordingData | null,
    print: (text: string) => void,
    follows: 'exactly' | 'adapted' = 'exactly',
  ) {
    this.#follows = follows;
    this.spec = spec;
    this.#data = data;
    this.#records = data === null ? [] : hypercallsOf(data);
    this.host = new SessionHost(dirname(loaded.file), print);
    this.host.reseed(spec.seed);
  }

  /** Which run of which test it is, as recordings of it have it; empty for a program. */
  get ofTest(): RecordingData['config'] {
    const { test, run } = this.#data?.config ?? {};
    return test === undefined ? {} : { test, run };
  }

  get isRecording(): boolean {
    return this.#data !== null;
  }

  /** How a run ended; or, when the recorded one did otherwise, that this is not that one. */
  asRecorded({ verdict, message, icount }: TargetOutcome): TargetOutcome {
    const end = this.#data?.end;
    const isSame = end === undefined || (verdict === end.verdict && icount === end.icount);
    const isOther = this.#follows === 'adapted' || this.divertedFrom < Number.MAX_SAFE_INTEGER;
    if (isSame || isOther || message.startsWith(DIVERGED)) {
      return { verdict, message, icount };
    }
    const why = this.ofTest['test'] === undefined ? '' : `: ${UNREPEATABLE}`;
    const ends = `it ended with ${verdict} there, and the recording with ${end.verdict} at ${end.icount}`;
    return {
      verdict: 'invariant',
      message: `${DIVERGED} at icount ${icount}: ${ends}${why}`,
      icount,
    };
  }

  /** Readies a world that has not booted. */
  prepare(w: World): void {
    w.hypercalls.records = this.#records;
    w.hypercalls.next = 0;
    w.hypercalls.goesOn = !this.isRecording || this.divertedFrom < Number.MAX_SAFE_INTEGER;
  }

  /** The strategy of one run. `blocked` is told when the LWP that is to run alone cannot. */
  strategy(diverged: (what: string) => void, blocked: (lwp: number) => void): Strategy {
    const data = this.#data;
    const live = makeStrategy(this.spec);
    if (data === null) return new SteeredStrategy(live, this.#alone, blocked);
    const recorded = new ReplayStrategy(directiveWords(data), ({ lwp, at, expected, found }) => {
      if (hooks.icount >= this.divertedFrom) return;
      diverged(`point ${at} of LWP ${lwp}: the recording says ${expected}, but ${found}`);
    });
    const strategy = new DivertedStrategy(recorded, live, () => this.divertedFrom);
    return new SteeredStrategy(strategy, this.#alone, blocked);
  }

  /** What another process needs to make the same runs. */
  belongings(): Belongings {
    const { interventions, divertedFrom } = this;
    return { records: this.#records, alone: this.#alone, interventions, divertedFrom };
  }

  takeOver({ records, alone, interventions, divertedFrom }: Belongings): void {
    this.#records = [...records];
    this.#alone.push(...alone);
    this.interventions.push(...interventions);
    this.divertedFrom = divertedFrom;
  }

  /** From this icount on, only that LWP runs. */
  runAlone(lwp: number, from: number): void {
    this.#forgetAfter(from);
    this.#alone.push({ lwp, from, until: Number.MAX_SAFE_INTEGER });
  }

  /** From this icount on, all run again. */
  endAlone(at: number): void {
    const last = this.#alone.at(-1);
    if (last !== undefined && last.until > at) last.until = at;
  }

  /** The user wrote something: what comes after is another run, from `w`'s present state. */
  intervene(w: World, intervention: Intervention): void {
    const { icount } = intervention;
    this.#forgetAfter(icount);
    this.interventions.push(intervention);
    if (icount < this.divertedFrom) this.divertedFrom = icount;
    const { hypercalls } = w;
    if (hypercalls.next < 0) return;
    this.#records = hypercalls.records.slice(0, hypercalls.next);
    hypercalls.records = this.#records;
    hypercalls.goesOn = true;
  }

  /** What was done after this moment is not done again: -1 for all of it. */
  forget(icount: number): void {
    this.#forgetAfter(icount);
    if (this.interventions.length === 0) this.divertedFrom = Number.MAX_SAFE_INTEGER;
  }

  /** What was done after this moment belongs to a run that is given up. */
  #forgetAfter(icount: number): void {
    const writes = this.interventions;
    while (writes.length > 0 && writes[writes.length - 1].icount > icount) writes.pop();
    const alone = this.#alone;
    while (alone.length > 0 && alone[alone.length - 1].from > icount) alone.pop();
  }
}

/** Says, and ends the run, when a replay leaves its recording. */
export function endDiverged(w: World, what: string): void {
  conclude(w, 'invariant', `${DIVERGED} at icount ${hooks.icount}: ${what}`, null);
}

/** A recording up to a diversion, and a live schedule from there. */
class DivertedStrategy implements Strategy {
  readonly name = 'diverted';
  readonly #recorded: Strategy;
  readonly #live: Strategy;
  readonly #from: () => number;

  constructor(recorded: Strategy, live: Strategy, from: () => number) {
    this.#recorded = recorded;
    this.#live = live;
    this.#from = from;
  }

  #now(): Strategy {
    return hooks.icount > this.#from() ? this.#live : this.#recorded;
  }

  begin(): void {
    this.#recorded.begin();
    this.#live.begin();
  }

  next(...question: Parameters<Strategy['next']>): number {
    return this.#now().next(...question);
  }

  choose(...question: Parameters<Strategy['choose']>): number {
    return this.#now().choose(...question);
  }

  pointStride(l: Lwp | null, points: number): number {
    return this.#now().pointStride(l, points);
  }

  accessStride(l: Lwp | null, accesses: number): number {
    return this.#now().accessStride?.(l, accesses) ?? 1;
  }

  statementStride(l: Lwp | null, icount: number): number {
    return this.#now().statementStride(l, icount);
  }
}

/** Another strategy's schedule, but for the stretches in which one LWP runs alone. */
class SteeredStrategy implements Strategy {
  readonly name: string;
  readonly #inner: Strategy;
  readonly #alone: readonly Alone[];
  readonly #blocked: (lwp: number) => void;

  constructor(inner: Strategy, alone: readonly Alone[], blocked: (lwp: number) => void) {
    this.name = inner.name;
    this.#inner = inner;
    this.#alone = alone;
    this.#blocked = blocked;
  }

  #chosen(): number {
    const now = hooks.icount;
    return this.#alone.find(({ from, until }) => from <= now && now < until)?.lwp ?? 0;
  }

  begin(): void {
    this.#inner.begin();
  }

  next(...question: Parameters<Strategy['next']>): number {
    const [candidates, count] = question;
    const answer = this.#inner.next(...question);
    const chosen = this.#chosen();
    if (chosen === 0) return answer;
    for (let i = 0; i < count; i++) if (candidates[i].id === chosen) return i;
    this.#blocked(chosen);
    return answer;
  }

  choose(...question: Parameters<Strategy['choose']>): number {
    return this.#inner.choose(...question);
  }

  pointStride(l: Lwp | null, points: number): number {
    return this.#chosen() === 0 ? this.#inner.pointStride(l, points) : 1;
  }

  accessStride(l: Lwp | null, accesses: number): number {
    return this.#chosen() === 0 ? (this.#inner.accessStride?.(l, accesses) ?? 1) : 1;
  }

  statementStride(l: Lwp | null, icount: number): number {
    return this.#chosen() === 0 ? this.#inner.statementStride(l, icount) : 1;
  }
}
