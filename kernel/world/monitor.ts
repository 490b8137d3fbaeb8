/**
 * Monitors: who watches what LWPs do to each other. Detectors (detect/) are monitors.
 *
 * Every method is called synchronously while the world runs, and is not counted; none may touch
 * kernel state. A monitor that ends the run calls conclude() and unwindWorld() (outcome.ts).
 *
 * Counts   Counted code calls tell.ts, in statements that the compiler does not count: icounts are
 *          the same whoever watches.
 *
 * Where the calls come from: accesses from code that was compiled for them (`hooks.ts`); all others
 * from the kernel's own primitives, in every image, with `lockdebug` on.
 */

import type { AccessKind } from '../accesses.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { AtomicRegion, Exclusion } from './detect/intent.ts';
import type { Variable } from './variable.ts';
import type { World } from './world.ts';

export interface Monitor {
  /** A world begins that this watches; none that it watched before goes on. */
  begin(w: World): void;
  /** The run is over: World.outcome says how. */
  ended(w: World): void;
  /**
   * The running LWP is about to read or write `v` at an access site (negative; sites.ts).
   */
  read(v: Variable, site: number): void;
  write(v: Variable, site: number): void;
  /** What `l` does from now on happens after all that was released with `object` before. */
  acquire(l: Lwp, object: object): void;
  /** What `l` did until now happens before what is acquired with `object` later. */
  release(l: Lwp, object: object): void;
  /** An atomic operation on `object` (null: on the boot path): an acquire and a release. */
  atomic(l: Lwp | null, object: object): void;
  /** `l` is about to take a lock, has taken it, gives it back. Order edges are told apart from it. */
  wants(l: Lwp, lock: object): void;
  locked(l: Lwp, lock: object): void;
  unlocked(l: Lwp, lock: object): void;
  /** `child` was made by `creator`, which is null on the boot path. */
  created(creator: Lwp | null, child: Lwp): void;
  /** `l` was ended by its own return; whoever waits for it joins it. */
  exited(l: Lwp): void;
  joined(l: Lwp, ended: Lwp): void;
  /** `waker` (null: a timer or interrupt) ended the sleep of `sleeper`. */
  woken(waker: Lwp | null, sleeper: Lwp): void;
  /**
   * The running LWP (null: a timer or interrupt) looked at or changed what `object` keeps for who
   * sleeps or tries: a wait queue, a flag, the end of an LWP. It orders nothing by itself. Null: nothing to tell.
   */
  touched(l: Lwp | null, object: object | null, kind: AccessKind): void;
  /** The scheduler resumes `to`. */
  switched(to: Lwp): void;
  allocated(object: object): void;
  freed(object: object): void;
  /** The running LWP has an operand that loses bits (accesses.ts). */
  misfit(value: number, site: number): void;
  /** `l` says that others do not do this to `v` (detect/intent.ts). */
  asserts(l: Lwp, v: Variable, excluded: Exclusion): void;
  /** `l` begins and ends a region that others are to see as one step. */
  regionBegins(l: Lwp, region: AtomicRegion): void;
  regionEnds(l: Lwp, region: AtomicRegion): void;
}

/** Does nothing; detectors extend it with what they look at. */
export class QuietMonitor implements Monitor {
  begin(_w: World): void {}
  ended(_w: World): void {}
  read(_v: Variable, _site: number): void {}
  write(_v: Variable, _site: number): void {}
  acquire(_l: Lwp, _object: object): void {}
  release(_l: Lwp, _object: object): void {}
  atomic(l: Lwp | null, object: object): void {
    if (l === null) return;
    this.acquire(l, object);
    this.release(l, object);
  }
  wants(_l: Lwp, _lock: object): void {}
  locked(_l: Lwp, _lock: object): void {}
  unlocked(_l: Lwp, _lock: object): void {}
  created(_creator: Lwp | null, _child: Lwp): void {}
  exited(_l: Lwp): void {}
  joined(_l: Lwp, _ended: Lwp): void {}
  woken(_waker: Lwp | null, _sleeper: Lwp): void {}
  touched(_l: Lwp | null, _object: object | null, _kind: AccessKind): void {}
  switched(_to: Lwp): void {}
  allocated(_object: object): void {}
  freed(_object: object): void {}
  misfit(_value: number, _site: number): void {}
  asserts(_l: Lwp, _v: Variable, _excluded: Exclusion): void {}
  regionBegins(_l: Lwp, _region: AtomicRegion): void {}
  regionEnds(_l: Lwp, _region: AtomicRegion): void {}
}

/** One that tells both; null for nobody. */
export function bothMonitors(a: Monitor | null, b: Monitor | null): Monitor | null {
  if (a === null) return b;
  return b === null ? a : new BothMonitors(a, b);
}

class BothMonitors extends QuietMonitor {
  readonly a: Monitor;
  readonly b: Monitor;

  constructor(a: Monitor, b: Monitor) {
    super();
    this.a = a;
    this.b = b;
  }

  override begin(w: World): void {
    this.b.begin(w);
    this.a.begin(w);
  }

  override ended(w: World): void {
    this.b.ended(w);
    this.a.ended(w);
  }

  override atomic(l: Lwp | null, object: object): void {
    this.b.atomic(l, object);
    this.a.atomic(l, object);
  }

  override read(v: Variable, site: number): void {
    this.b.read(v, site);
    this.a.read(v, site);
  }

  override write(v: Variable, site: number): void {
    this.b.write(v, site);
    this.a.write(v, site);
  }

  override acquire(l: Lwp, object: object): void {
    this.b.acquire(l, object);
    this.a.acquire(l, object);
  }

  override release(l: Lwp, object: object): void {
    this.b.release(l, object);
    this.a.release(l, object);
  }

  override wants(l: Lwp, lock: object): void {
    this.b.wants(l, lock);
    this.a.wants(l, lock);
  }

  override locked(l: Lwp, lock: object): void {
    this.b.locked(l, lock);
    this.a.locked(l, lock);
  }

  override unlocked(l: Lwp, lock: object): void {
    this.b.unlocked(l, lock);
    this.a.unlocked(l, lock);
  }

  override created(creator: Lwp | null, child: Lwp): void {
    this.b.created(creator, child);
    this.a.created(creator, child);
  }

  override exited(l: Lwp): void {
    this.b.exited(l);
    this.a.exited(l);
  }

  override joined(l: Lwp, ended: Lwp): void {
    this.b.joined(l, ended);
    this.a.joined(l, ended);
  }

  override woken(waker: Lwp | null, sleeper: Lwp): void {
    this.b.woken(waker, sleeper);
    this.a.woken(waker, sleeper);
  }

  override touched(l: Lwp | null, object: object | null, kind: AccessKind): void {
    this.b.touched(l, object, kind);
    this.a.touched(l, object, kind);
  }

  override switched(to: Lwp): void {
    this.b.switched(to);
    this.a.switched(to);
  }

  override allocated(object: object): void {
    this.b.allocated(object);
    this.a.allocated(object);
  }

  override freed(object: object): void {
    this.b.freed(object);
    this.a.freed(object);
  }
}
