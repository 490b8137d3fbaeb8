/**
 * Data breakpoints: which accesses end an order, or are noted as the last of their kind.
 *
 * An access is told of just before it is made. What it did is seen at the next statement, of
 * whatever LWP: there the run stops, and that is where the value is compared. Going back, what
 * counts is the statement that makes the access.
 *
 * Places of which nothing tells (bytes of buffers, lengths) are compared at every statement.
 */

import { current, hooks, setStop, type World } from '../../../kernel/index.ts';
import {
  installedTaps,
  type Listener,
  READ,
  Taps,
  UNKNOWN,
  WHOLE,
  WRITE,
} from '../../../tracer/index.ts';
import { isRepeating } from '../../run/execute.ts';
import type { BreakpointPlace } from '../../target/target.ts';
import { AGENT, type Intervention, type Order } from '../protocol.ts';
import type { StopDetails } from '../standing.ts';
import { describeLive, Handles } from '../values/index.ts';
import { type DataNeeds, parseDataId } from './dataid.ts';
import { isSame, type Stored } from './places.ts';
import { isAbout } from './taptests.ts';
import { Watch, Watches } from './watches.ts';

export type Access = Extract<BreakpointPlace, { kind: 'data' }>['access'];

/** Somebody who wants to know of accesses; breakpoint 0 is the rule of the order. */
export interface Wish {
  readonly breakpoint: number;
  readonly dataId: string;
  readonly access: Access;
}

/** An access whose outcome is not known yet. */
interface Pending {
  readonly watch: Watch;
  readonly tap: number;
  readonly start: number;
  readonly before: Stored | undefined;
  readonly lwp: number;
}

/** An access whose outcome is known; `icount` is that of the statement that made it. */
interface Made {
  readonly access: 'read' | 'write';
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  readonly icount: number;
  readonly lwp?: number;
}

/** The agent, as far as data breakpoints need it. */
export interface DataHost {
  readonly world: World | null;
  readonly dataOrder: Order | null;
  /** Stops with this, or notes it for this icount. */
  metData(details: StopDetails, icount: number): void;
}

export class Data implements Listener {
  readonly #host: DataHost;
  readonly taps: Taps;
  readonly watches: Watches;
  /** By data id. */
  readonly #wishes = new Map<string, Wish[]>();
  #pending: Pending[] = [];
  /** The world's own watchStop, while the next statement is awaited. */
  #stopAfter: number | null = null;
  /** The target is stopped: what is evaluated does not count. */
  #isHeld = false;

  constructor(host: DataHost) {
    this.#host = host;
    this.taps = installedTaps() ?? new Taps({ fields: [], elements: false });
    this.taps.listener = this;
    this.watches = new Watches(this.taps);
  }

  /** A new run begins. */
  begin(): void {
    this.#pending = [];
    this.#stopAfter = null;
    this.#isHeld = false;
    this.watches.begin();
  }

  /** Nothing that is done from now on counts. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.watches.arm();
  }

  /** Some places that are wanted now have to be compared at every statement. */
  get compares(): boolean {
    return [...this.watches.all].some(
      (watch) => watch.data.byValue && this.#wishesFor(watch).length > 0,
    );
  }

  set(wishes: readonly Wish[]): void {
    this.#wishes.clear();
    for (const wish of wishes) {
      const same = this.#wishes.get(wish.dataId);
      if (same === undefined) this.#wishes.set(wish.dataId, [wish]);
      else same.push(wish);
    }
  }

  /** What the image and the runs need for some data ids. Errors: TargetError. */
  needs(ids: readonly string[]): DataNeeds {
    const { fields, elements } = this.taps.watchable;
    const missing = new Set<string>();
    const unnamed: string[] = [];
    let needsElements = false;
    for (const id of ids) {
      const watch = this.watches.get(id) ?? new Watch(id, parseDataId(id));
      this.watches.add(watch);
      const { key, byValue } = watch.data;
      if (key.kind !== 'field' || byValue) needsElements ||= !elements;
      else if (!fields.includes(key.name)) missing.add(key.name);
      if (!watch.looked) unnamed.push(id);
    }
    return { fields: [...missing], elements: needsElements, unnamed };
  }

  /** What every run does at the moments at which objects are known that nothing told of before. */
  #sightings(): Intervention[] {
    return [...this.watches.all]
      .filter(
        (watch) => watch.looked && watch.failure === '' && !watch.isNamed && !watch.data.inside,
      )
      .map(({ data, id }) => ({
        icount: data.icount,
        lwp: 0,
        frame: -1,
        code: `${AGENT}.data.dataSight(${JSON.stringify(id)})`,
      }));
  }

  /** All that is done on the way of a run, in order. */
  withSights(interventions: readonly Intervention[]): readonly Intervention[] {
    const sights = this.#sightings();
    if (sights.length === 0) return interventions;
    return [...interventions, ...sights].sort((a, b) => a.icount - b.icount);
  }

  // While it runs.

  seen(object: unknown, key: unknown): void {
    if (this.#isQuiet()) return;
    this.watches.seen(hooks.icount, object, key);
  }

  accessed(object: object, tap: number, key: unknown, start: number, written: unknown): void {
    const { world } = this.#host;
    if (this.#isQuiet() || world === null || world.outcome !== null) return;
    for (const watch of this.watches.all) {
      if (watch.object !== object || !isAbout(watch, tap, key, this.taps.watchable)) continue;
      const before = watch.value();
      const stays = written !== UNKNOWN && before !== undefined && Object.is(before.value, written);
      if (!this.#wanted(watch).some((wish) => mayMeet(wish, tap, stays))) continue;
      const lwp = current.lwp?.id ?? 0;
      this.#pending.push({ watch, tap, start, before, lwp });
      this.#awaitNext(world);
    }
  }

  /** What runs is no part of the run. */
  #isQuiet(): boolean {
    return this.#isHeld || hooks.paused > 0 || isRepeating();
  }

  #awaitNext(w: World): void {
    if (w.watcher !== null || this.#stopAfter !== null) return;
    this.#stopAfter = w.watchStop;
    w.watchStop = hooks.icount + 1;
    setStop(w);
  }

  /** A stop of the world's was reached; true when it was only this one. */
  reached(w: World, icount: number): boolean {
    const stop = this.#stopAfter;
    this.#stopAfter = null;
    if (stop !== null) w.watchStop = stop;
    this.each(icount);
    return stop !== null && stop > icount;
  }

  /** The statement of this icount is about to run. */
  each(icount: number): void {
    const pending = this.#pending;
    if (pending.length > 0) {
      this.#pending = [];
      for (const one of pending) this.#settle(one);
    }
    for (const watch of this.watches.all) {
      if (watch.data.byValue && this.#wanted(watch).length > 0) this.#compare(watch, icount);
    }
  }

  #settle({ watch, tap, start, before, lwp }: Pending): void {
    const after = watch.value();
    const changed = !isSame(before, after);
    const isWrite = (tap & WRITE) !== 0 && (changed || (tap & WHOLE) === 0);
    const isRead = (tap & READ) !== 0;
    const met = this.#wanted(watch).filter(({ access }) => {
      if (access === 'change') return isWrite && changed;
      return (access !== 'read' && isWrite) || (access !== 'write' && isRead);
    });
    if (met.length === 0) return;
    const access = isWrite ? 'write' : 'read';
    this.#met(watch, met, { access, before, after, lwp, icount: start });
  }

  #compare(watch: Watch, icount: number): void {
    if (watch.object === null || watch.lastIcount === icount) return;
    const before = watch.last;
    const isNext = watch.lastIcount === icount - 1;
    watch.note(icount);
    const after = watch.last;
    if (!isNext || isSame(before, after)) return;
    const made = { access: 'write', before, after, icount: icount - 1 } as const;
    this.#met(watch, this.#wanted(watch), made);
  }

  #met({ data }: Watch, wishes: readonly Wish[], made: Made): void {
    const { name } = data;
    const { access, icount, lwp } = made;
    const before = textOf(made.before);
    const after = textOf(made.after);
    const values = access === 'read' ? `${name} read: ${after}` : `${name}: ${before} → ${after}`;
    const details: StopDetails = {
      reason: 'data breakpoint',
      description: values,
      breakpoints: wishes.map(({ breakpoint }) => breakpoint).filter((id) => id > 0),
      change: { name, access, before, after, icount },
      madeBy: lwp,
    };
    this.#host.metData(details, icount);
  }

  /** Who wants to know of a watch now. */
  #wanted(watch: Watch): readonly Wish[] {
    const order = this.#host.dataOrder;
    return order === null || hooks.icount < order.quietUntil ? [] : this.#wishesFor(watch);
  }

  /** Who wants to know of a watch while the order is carried out. */
  #wishesFor(watch: Watch): readonly Wish[] {
    const order = this.#host.dataOrder;
    if (order === null) return [];
    const rule = order.find ?? order.stop;
    if (rule?.kind === 'data') {
      const { dataId } = rule;
      return dataId === watch.id ? [{ breakpoint: 0, dataId, access: 'write' }] : [];
    }
    return order.breakpoints ? (this.#wishes.get(watch.id) ?? []) : [];
  }
}

/** Whether an access may be one that is wanted; `stays`: it is known not to change the value. */
function mayMeet({ access }: Wish, tap: number, stays: boolean): boolean {
  if (access === 'change') return (tap & WRITE) !== 0 && !stays;
  const wanted = access === 'read' ? READ : access === 'write' ? WRITE : READ | WRITE;
  return (tap & wanted) !== 0;
}

function textOf(stored: Stored | undefined): string {
  return stored === undefined ? 'nothing' : describeLive(new Handles(), stored.value);
}
