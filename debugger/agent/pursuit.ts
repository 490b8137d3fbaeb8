/**
 * Pursuit: the order that is being carried out: what it looks at, from when on, relative to what,
 * and whether a thing that is met ends it, or is only noted as the last of its kind.
 */

import { current, hooks, setStop, type World } from '../../kernel/index.ts';
import type { Breakpoints } from './breakpoints.ts';
import { History } from './history.ts';
import type { Order, Rule, Start } from './protocol.ts';
import { currentDepth, DEPTH_OF_FRAME, matcherOf } from './rules.ts';
import type { SiteFlags } from './siteflags.ts';
import type { Standing, StopDetails } from './standing.ts';
import { StatementWatcher, type Watching } from './watcher.ts';

/** Statements before `until` that are noted, for steps back from there. */
const NOTED_BEFORE = 4096;

/** Before the first statement. */
export const BEGINNING: Start = { icount: -1, lwp: 0, depth: 0, site: 0, points: 0 };

export class Pursuit {
  order: Order | null = null;
  /** Where the run stood when the order was given. */
  start: Start = BEGINNING;
  readonly #flags: SiteFlags;
  readonly #breakpoints: Breakpoints;
  readonly #standing: Standing;
  readonly #history = new History();
  readonly #watcher: StatementWatcher;
  #ranAlone = false;
  readonly #watching: Watching;

  constructor(flags: SiteFlags, breakpoints: Breakpoints, standing: Standing, watching: Watching) {
    this.#flags = flags;
    this.#breakpoints = breakpoints;
    this.#standing = standing;
    this.#watcher = new StatementWatcher(flags, this.#history, watching);
    this.#watching = watching;
  }

  /** A new run begins. */
  begin(order: Order): void {
    this.order = order;
    this.start = BEGINNING;
    this.#history.clear();
  }

  /** What is met now counts: the stretch that is to be quiet is over. */
  get active(): boolean {
    return this.activeAt(hooks.icount);
  }

  activeAt(icount: number): boolean {
    const { order, start } = this;
    return order !== null && icount >= order.quietUntil && icount > start.icount;
  }

  /** Where the LWP that a rule is about stands now. */
  startOf(w: World, rule: Rule | null, site: number): Start {
    const icount = this.#standing.stop?.icount ?? hooks.icount;
    const { points } = hooks;
    const id = rule !== null && 'lwp' in rule ? rule.lwp : (current.lwp?.id ?? 0);
    const l = w.lwps[id] ?? null;
    if (l === null || l === current.lwp) {
      return { icount, lwp: id, depth: currentDepth(), site, points };
    }
    return { icount, lwp: id, depth: l.fp * DEPTH_OF_FRAME, site: l.site, points };
  }

  /** Sets the world's stops for the order. */
  arm(w: World): void {
    const { order } = this;
    if (order === null) return;
    this.#ranAlone = false;
    const until = order.until ?? Number.MAX_SAFE_INTEGER;
    const rule = order.stop ?? order.find;
    const start = order.start ?? this.start;
    const matcher = rule === null ? undefined : matcherOf(rule, start, this.#flags, w.ring);
    this.#watcher.matcher = matcher ?? null;
    this.#watcher.activeFrom = order.quietUntil;
    const looks =
      matcher !== undefined ||
      this.#watching.compares() ||
      order.only !== 0 ||
      (order.breakpoints && this.#breakpoints.any);
    const noted = order.until === null ? until : Math.max(0, until - NOTED_BEFORE);
    const from = Math.min(looks ? order.quietUntil : until, noted);
    const now = this.#breakpoints.counting || from <= hooks.icount;
    w.watcher = now ? this.#watcher : null;
    w.watchStop = now ? until : from;
  }

  /** The icount of one of those stops was reached; true when it is where the order ends. */
  reached(w: World, icount: number): boolean {
    const until = this.order?.until ?? Number.MAX_SAFE_INTEGER;
    w.watcher = this.#watcher;
    w.watchStop = until;
    return icount >= until;
  }

  /** The last statement before here that a rule finds, of those that were noted; -1 for none. */
  findBack(rule: Rule, start: Start): number {
    // Events are not among what is noted of statements.
    const matcher = matcherOf(rule, start, this.#flags, null);
    return matcher === undefined ? -1 : this.#history.find(matcher, start.icount);
  }

  /** Stops at the next statement, whatever else was ordered. */
  stopNext(w: World, stop: Extract<Rule, { kind: 'next' }>): void {
    if (this.order === null) return;
    this.order = { ...this.order, stop, find: null, until: null, quietUntil: 0 };
    this.start = { ...this.start, icount: hooks.printIcount() };
    this.#watcher.matcher = matcherOf(stop, this.start, this.#flags, null) ?? null;
    this.#watcher.activeFrom = 0;
    w.watcher = this.#watcher;
    stopsAnew(w);
  }

  /** The LWP that was to run alone has run, and now another one does: it sleeps, or is gone. */
  get isBlocked(): boolean {
    const only = this.order?.only ?? 0;
    const l = current.lwp;
    if (only === 0 || l === null || !this.active) return false;
    if (l.id === only) this.#ranAlone = true;
    return this.#ranAlone && l.id !== only;
  }

  /** Something was met: true when the run is to stop there; otherwise it is noted. */
  met(details: StopDetails, icount: number): boolean {
    if (this.order === null || this.order.find === null) return true;
    this.#standing.noteFound(details, icount);
    return false;
  }
}

/**
 * Has the world's stops hold from now on. Where the engine was interrupted nothing may be counted
 * (tracing): then the stop is that of the next statement which is.
 */
export function stopsAnew(w: World): void {
  if (hooks.paused === 0) setStop(w);
  else hooks.saved[1] = hooks.saved[0] + 1;
}
