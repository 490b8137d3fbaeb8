/**
 * The hooks: what instrumented code calls, and the registers of the running world.
 *
 * A leaf module with one instance a realm. The compiler (tracer/compiler) puts, at the head of
 * every instrumented module,
 *
 *   import { hooks as $h0 } from '<this module>'; const $h = $h0, $D = $h.DONE, $m = $h.module({…});
 *
 * and then, with N the ordinal of the site in its module:
 *
 *   a statement in a plain function      if (++$h.icount === $h.stop) $h.hit($m+N);
 *   a statement in a generator           if (++$h.icount === $h.stop && $h.hitYield($m+N)) yield;
 *   yield* E                             (($t = E) === $D ? $h.take() : $h.ret(yield* $h.call($t, $m+N)))
 *   entry and return of a plain function ++$h.pd === 2000 && $h.deep($m+N); …  return $h.r(E);
 *   an errno constant, not compared      $h.e(EINVAL, $m+N)
 *   atomic_*(…) in a generator           (++$h.points === $h.pointStop && $h.askPoint($m+N) && (yield), atomic_*(…))
 *   yield* preempt()                     (++$h.points === $h.pointStop && $h.askPoint($m+N) ? (yield) : void 0)
 *   yield* mi_switch()                   ($h.at = $m+N, (yield), void 0)
 *   making a generator                   a last parameter, ...{ $g = $h.made($m+N) }
 *   catch and finally                    restore fp and pd to what they were at the function's entry
 *   rumpuser_dprintf(…);                 {$h.pause($m,LINE);try{rumpuser_dprintf(…);}finally{$h.resume();}}
 *
 * The access image has more: see accesses.ts.
 *
 * Calls are native; the frame list (`frames`, `sites`, `fp`) mirrors them, so that the scheduler
 * can resume an LWP's innermost generator directly and hand its result to the outer one through
 * `slot` (DESIGN.md, decision 1). `stop` and `pointStop` are the only things that fast paths
 * compare: whoever wants to be called sooner lowers them. A stop that is never reached is cheapest:
 * the engine leaves a hit that never happened out of its machine code. So nothing polls.
 *
 * Kept small on purpose: what a hit means is decided by the world behind `controller`.
 */

import { DONE, type Done, type Going, type MaySleep } from './maysleep.ts';
import { AccessHooks } from './accesses.ts';
import { type ModuleTable, siteTable } from './sites.ts';
import type { Monitor } from './world/monitor.ts';
import { OP_POINT, type OpKind } from './world/op.ts';

/** What the running world does when a counter reaches its stop. */
export interface Controller {
  /** `icount` reached `stop` at `site`; true asks a generator to yield. */
  hit(site: number, canYield: boolean): boolean;
  /** `points` reached `pointStop` before an operation; true asks the caller to yield. */
  ask(site: number, kind: OpKind, object: object | null): boolean;
  /** Calls nest deeper than they may. */
  deep(site: number): void;
  /** A generator was made at icount `at` and never ran. */
  dropped(site: number, at: number): void;
  /** An errno constant was evaluated (other than to compare it). */
  errno(error: unknown, site: number): void;
}

/** A suspended or running generator of kernel or program code. */
export type Frame = Generator<void, unknown, void>;

/** The largest stop: never reached in practice, and small enough to stay a machine integer. */
export const NEVER = 0x3fffffff;

/** For `pending`: the next MaySleep that is made is to be told to the observer. */
export const WATCHED = -2;

/**
 * Generators that may be active in an LWP. With the plain calls above them (2000: the compiler
 * compares with that), they fit into the host's own stack.
 */
const FRAMES_MAX = 2000;

class IdleController implements Controller {
  hit(): boolean {
    hooks.stop = hooks.icount + NEVER;
    return false;
  }
  ask(): boolean {
    hooks.pointStop = hooks.points + NEVER;
    return false;
  }
  deep(): void {}
  dropped(): void {}
  errno(): void {}
}

export class Hooks {
  /** Statements, function entries and loop iterations run so far in the running world. */
  icount = 0;
  /** The icount at which hit() is to be called. */
  stop = NEVER;
  /** Scheduling points passed so far in the running world. */
  points = 0;
  /** The point at which ask() is to be called. */
  pointStop = NEVER;
  /** What code of the access image calls. */
  readonly accesses = new AccessHooks();
  /** Who watches what LWPs do to each other; null for nobody. */
  monitor: Monitor | null = null;
  /** The running LWP's frame list: frames[0..fp) are its active generators, outermost first. */
  frames: Frame[] = [];
  /** sites[i] is the call site, in frames[i-1], from which frames[i] was called. */
  sites: number[] = [];
  fp = 0;
  /** Index of the frame that the scheduler resumed: frames[base..fp) are on the host's stack. */
  base = 0;
  /** Depth of plain function calls above the innermost generator. */
  pd = 0;
  /** True while `slot` carries the result of a generator that was resumed directly. */
  direct = false;
  slot: unknown = undefined;
  /** Site of a generator (or -1 for a `done()`) that was made and not yet called; 0 for none. */
  pending = 0;
  pendingIcount = 0;
  doneValue: unknown = undefined;
  /** A point() asked for a yield that its plain caller passes on to a generator. */
  yieldDue = false;
  /** The site of the last hit. */
  site = 0;
  /** The site at which the running LWP gives up its CPU; 0 while it does not, or is not known. */
  at = 0;
  /** Counters put aside by pause(), five words a level; `paused` is the number of words. */
  readonly saved: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  paused = 0;
  /** Where the running dprintf statement is: its module's base and its line (base 1). */
  printModule = 0;
  printLine = 0;
  controller: Controller = new IdleController();
  readonly DONE: Done = DONE;

  hit(site: number): void {
    this.site = site;
    this.controller.hit(site, false);
  }

  hitYield(site: number): boolean {
    this.site = site;
    return this.controller.hit(site, true);
  }

  deep(site: number): void {
    this.site = site;
    this.controller.deep(site);
  }

  /**
   * A scheduling point inside kernel code, before an operation of this kind (world/op.ts) on
   * `object`: true asks the caller to yield.
   */
  point(kind: OpKind, object: object | null): boolean {
    return (
      ++this.points === this.pointStop && this.controller.ask(0, kind, object) && this.#defer()
    );
  }

  #defer(): boolean {
    this.yieldDue = true;
    return true;
  }

  /** Whether a point() passed on by a plain function still asks for a yield; asks once. */
  takeYield(): boolean {
    const due = this.yieldDue;
    this.yieldDue = false;
    return due;
  }

  askPoint(site: number, kind: OpKind = OP_POINT, object: object | null = null): boolean {
    this.site = site;
    return this.controller.ask(site, kind, object);
  }

  call<T>(generator: T, site: number): T {
    this.pending = 0;
    const fp = this.fp++;
    if (fp === FRAMES_MAX) this.controller.deep(site);
    this.frames[fp] = generator as Frame;
    this.sites[fp] = site;
    return generator;
  }

  ret(value: unknown): unknown {
    --this.fp;
    if (this.direct) {
      this.direct = false;
      value = this.slot;
      this.slot = undefined;
    }
    return value;
  }

  /** The value of a call that was done without sleeping. */
  take(): unknown {
    this.pending = 0;
    const value = this.doneValue;
    this.doneValue = undefined;
    return value;
  }

  made(site: number): void {
    if (this.pending !== 0) this.controller.dropped(this.pending, this.pendingIcount);
    this.pending = site;
    this.pendingIcount = this.icount;
  }

  r<T>(value: T): T {
    --this.pd;
    return value;
  }

  e<T>(error: T, site: number): T {
    this.controller.errno(error, site);
    return error;
  }

  /** Before a dprintf statement: nothing that it does is counted, and nothing can stop it. */
  pause(module: number, lineBase1: number): void {
    const { saved, paused } = this;
    saved[paused] = this.icount;
    saved[paused + 1] = this.stop;
    saved[paused + 2] = this.points;
    saved[paused + 3] = this.pointStop;
    saved[paused + 4] = this.pd;
    this.paused = paused + 5;
    this.stop = -1;
    this.pointStop = -1;
    this.printModule = module;
    this.printLine = lineBase1;
  }

  resume(): void {
    const { saved } = this;
    const paused = this.paused - 5;
    this.paused = paused;
    this.icount = saved[paused];
    this.stop = saved[paused + 1];
    this.points = saved[paused + 2];
    this.pointStop = saved[paused + 3];
    this.pd = saved[paused + 4];
  }

  /** The icount of the running dprintf statement, or of now. */
  printIcount(): number {
    return this.paused > 0 ? this.saved[0] : this.icount;
  }

  /** Registers a module's tables; gives the base that its site ordinals are added to. */
  module(table: ModuleTable): number {
    return siteTable.register(table);
  }
}

export const hooks = new Hooks();

/** A result that is there at once: what a MaySleep function returns when it need not sleep. */
export function done<T>(value: T): MaySleep<T> {
  if (hooks.pending !== 0) hooks.controller.dropped(hooks.pending, hooks.pendingIcount);
  hooks.pending = -1;
  hooks.pendingIcount = hooks.icount;
  hooks.doneValue = value;
  return DONE as unknown as MaySleep<T>;
}

/**
 * For a plain function that calls one that may sleep, because it mostly does not:
 *
 *   const rest = handOn(vnop_read(vp, uio));
 *   if (rest !== undefined) return read_rest(rest, vp);   // a generator: const e = yield* rest; …
 *   const error = takeDone<Errno | undefined>();
 *
 * The generator of a call that may sleep is the argument of the one that runs it; it must run next.
 */
export function handOn<T>(call: MaySleep<T>): Going<T> | undefined {
  if ((call as unknown) === DONE) return undefined;
  hooks.pending = 0;
  return call;
}

/** The value of a call for which handOn() gave undefined. */
export function takeDone<T>(): T {
  return hooks.take() as T;
}

DONE.take = () => hooks.take();
