/**
 * Running every schedule of a tiny program, cleverly and naively.
 *
 * The naive way asks nothing of independence: it takes every candidate at every question. What it
 * finds is sorted into classes by what a Mazurkiewicz trace is: for each variable the order in which
 * it was written, and between which writes each read came. A monitor of its own notes that.
 */

import { READ, WRITE, type AccessKind } from '../../../../kernel/accesses.ts';
import { hooks } from '../../../../kernel/hooks.ts';
import type { Main } from '../../../../kernel/api.ts';
import type { KRwlock } from '../../../../kernel/kern/kern_rwlock.ts';
import { Lwp } from '../../../../kernel/kern/lwp.ts';
import { mi_switch } from '../../../../kernel/kern/kern_sleepq.ts';
import { program, startProgram } from '../../../../kernel/program.ts';
import { IsolatedHost } from '../../../../kernel/rumpuser/isolated.ts';
import { type Monitor, QuietMonitor } from '../../../../kernel/world/monitor.ts';
import { opBlocked } from '../../../../kernel/world/op.ts';
import type { Outcome } from '../../../../kernel/world/outcome.ts';
import { runWorld } from '../../../../kernel/world/run.ts';
import {
  type ExhaustiveOptions,
  ExhaustiveStrategy,
} from '../../../../kernel/world/strategy/exhaustive/index.ts';
import type { ChoiceKind, Strategy } from '../../../../kernel/world/strategy/strategy.ts';
import type { Variable } from '../../../../kernel/world/variable.ts';
import { World } from '../../../../kernel/world/world.ts';
import type { RunOptions } from '../../harness.ts';

/** A shared record of the test; `name` is what classes know it by. */
export class Cell {
  readonly name: string;
  value = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** Reads as code of the access image does. */
export function* load(cell: { readonly value: number }): Generator<void, number, void> {
  if (hooks.accesses.readAt(cell, 'value', 0)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  return cell.value;
}

/** Writes as code of the access image does. */
export function* store(cell: Cell, value: number): Generator<void, void, void> {
  if (hooks.accesses.writeAt(cell, 'value', 0)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  cell.value = value;
}

/** Whose how-manieth child it is: its number depends on the schedule. */
function pathOf(l: Lwp): string {
  return l.creator === null ? '' : `${pathOf(l.creator)}/${l.ordinal}`;
}

/** Notes the order of what depends on each other. */
class Noted extends QuietMonitor {
  readonly #byVariable = new Map<string, string[]>();
  readonly #counts = new Map<string, number>();
  readonly #writers = new Set<object>();

  note(l: Lwp, object: object, kind: AccessKind): void {
    const { name } =
      object instanceof Lwp ? { name: pathOf(object) } : (object as { name?: unknown });
    if (typeof name !== 'string' || 'lwps' in object) return;
    const who = pathOf(l);
    const count = (this.#counts.get(who) ?? 0) + 1;
    this.#counts.set(who, count);
    const list = this.#byVariable.get(name) ?? [];
    this.#byVariable.set(name, list);
    list.push(`${kind === READ ? 'r' : 'W'}${who}.${count}`);
  }

  #of(v: Variable, kind: AccessKind): void {
    const l = this.running;
    if (l !== null) this.note(l, v.object, kind);
  }
  running: Lwp | null = null;

  override switched(to: Lwp): void {
    this.running = to;
  }
  override read(v: Variable): void {
    this.#of(v, READ);
  }
  override write(v: Variable): void {
    this.#of(v, WRITE);
  }
  override acquire(l: Lwp, object: object): void {
    this.note(l, object, WRITE);
  }
  override release(l: Lwp, object: object): void {
    this.note(l, object, WRITE);
  }
  override locked(l: Lwp, lock: object): void {
    const shared = 'readers' in lock && (lock as unknown as KRwlock).owner !== l;
    if (!shared) this.#writers.add(lock);
    this.note(l, lock, shared ? READ : WRITE);
  }
  override touched(l: Lwp | null, object: object | null, kind: AccessKind): void {
    if (object === null) return;
    const queues = 'owner' in object && !('readers' in object) && kind === WRITE;
    if (l !== null && !queues) this.note(l, object, kind);
  }
  override unlocked(l: Lwp, lock: object): void {
    if (!('readers' in lock)) return;
    const { waitingReaders, waitingWriters } = lock as unknown as KRwlock;
    const alone =
      !this.#writers.delete(lock) && waitingReaders.length + waitingWriters.length === 0;
    this.note(l, lock, alone ? READ : WRITE);
  }

  /** The class: reads between two writes are in no order. */
  key(): string {
    const lines = [...this.#byVariable].map(([name, list]) => {
      const out: string[] = [];
      let reads: string[] = [];
      for (const item of list) {
        if (item.startsWith('r')) reads.push(item);
        else {
          out.push(...reads.sort(), item);
          reads = [];
        }
      }
      return `${name}: ${[...out, ...reads.sort()].join(' ')}`;
    });
    return lines.sort().join('\n');
  }
}

/** Takes every candidate at every question, depth first. */
class Naive implements Strategy {
  readonly name = 'naive';
  readonly looksAtOps = true;
  readonly #skipsBlocked: boolean;
  readonly #path: { taken: number; readonly alternatives: number[] }[] = [];
  #depth = 0;

  constructor(skipsBlocked: boolean) {
    this.#skipsBlocked = skipsBlocked;
  }

  begin(): void {
    this.#depth = 0;
  }

  next(candidates: readonly Lwp[], count: number): number {
    const all = Array.from({ length: count }, (_, i) => i);
    const free = all.filter((i) => {
      const l = candidates[i];
      return !(opBlocked(l) && l.op !== null && !('readers' in l.op.object));
    });
    return this.#take(this.#skipsBlocked && free.length > 0 ? free : all);
  }

  choose(_kind: ChoiceKind, count: number): number {
    return this.#take(Array.from({ length: count }, (_, i) => i));
  }

  #take(alternatives: number[]): number {
    const depth = this.#depth++;
    if (depth === this.#path.length) this.#path.push({ taken: 0, alternatives });
    const question = this.#path[depth];
    return question.alternatives[question.taken];
  }

  advance(): boolean {
    for (; this.#path.length > 0; this.#path.pop()) {
      const last = this.#path[this.#path.length - 1];
      if (++last.taken < last.alternatives.length) return true;
    }
    return false;
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

export interface Program {
  readonly options?: RunOptions;
  /** Makes the shared state anew; `state` is read when the run is over. */
  make(): { readonly main: Main; state(): string };
}

/** One object a program: booting with the same again is quick. */
const options = new WeakMap<Program, RunOptions>();

function optionsOf(p: Program): RunOptions {
  let known = options.get(p);
  if (known === undefined) {
    known = { components: [], ncpu: 1, preempt: true, ...p.options };
    options.set(p, known);
  }
  return known;
}

interface RanOnce {
  readonly world: World;
  readonly outcome: Outcome;
  readonly state: string;
}

export function runOnce(p: Program, strategy: Strategy, monitor?: Monitor): RanOnce {
  const { main, state } = p.make();
  const world = new World({
    strategy,
    grain: p.options?.grain ?? 'access',
    budget: p.options?.budget ?? 100_000,
    host: new IsolatedHost(1),
    observer: {},
    seed: 1,
    checkpoints: false,
    monitor,
  });
  strategy.begin();
  startProgram(world, program(optionsOf(p), main));
  const outcome = runWorld(world);
  if (outcome === undefined) throw new Error('the world waits for its host');
  return { world, outcome, state: `${outcome.verdict} ${state()}` };
}

export interface Found {
  readonly runs: number;
  /** By class: how often. */
  readonly classes: ReadonlyMap<string, number>;
  readonly states: ReadonlySet<string>;
}

/** Every schedule; throws beyond `limit` of them. */
export function naively(p: Program, limit = 200_000, skipsBlocked = true): Found {
  const strategy = new Naive(skipsBlocked);
  const classes = new Map<string, number>();
  const states = new Set<string>();
  let runs = 0;
  do {
    if (++runs > limit) throw new Error(`more than ${limit} schedules`);
    const noted = new Noted();
    const { state } = runOnce(p, strategy, noted);
    states.add(state);
    const key = `${state}\n${noted.key()}`;
    classes.set(key, (classes.get(key) ?? 0) + 1);
  } while (strategy.advance());
  return { runs, classes, states };
}

export interface Searched extends Found {
  readonly strategy: ExhaustiveStrategy;
}

/** What the strategy explores, seen by the same monitor. */
export function cleverly(p: Program, options: ExhaustiveOptions = {}, limit = 200_000): Searched {
  const strategy = new ExhaustiveStrategy(options);
  const classes = new Map<string, number>();
  const states = new Set<string>();
  let runs = 0;
  while (strategy.more()) {
    if (++runs > limit) throw new Error(`more than ${limit} runs`);
    const noted = new Noted();
    const before = strategy.blocked;
    const { world, state } = runOnce(p, strategy, noted);
    strategy.ended(world);
    if (strategy.blocked > before) continue;
    states.add(state);
    const key = `${state}\n${noted.key()}`;
    classes.set(key, (classes.get(key) ?? 0) + 1);
  }
  return { runs, classes, states, strategy };
}

/** Runs without a look at what they do, for speed. */
export function search(p: Program, options: ExhaustiveOptions = {}): ExhaustiveStrategy {
  const strategy = new ExhaustiveStrategy(options);
  while (strategy.more()) strategy.ended(runOnce(p, strategy).world);
  return strategy;
}
