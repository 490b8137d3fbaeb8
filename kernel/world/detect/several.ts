/**
 * Several detectors as one monitor. Each hears only of what it looks at, that is, of the methods
 * that it has of its own; the first of each is called from a place of its own, which so knows its
 * class and stays quick.
 */

import type { AccessKind } from '../../accesses.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { type Monitor, QuietMonitor } from '../monitor.ts';
import type { Variable } from '../variable.ts';
import type { World } from '../world.ts';
import type { AtomicRegion, Exclusion } from './intent.ts';

type Method = keyof Monitor;

/** Those that do something at `method`. */
function listeners(all: readonly Monitor[], method: Method): readonly Monitor[] {
  return all.filter((monitor) => monitor[method] !== QuietMonitor.prototype[method]);
}

export class Several implements Monitor {
  readonly #all: readonly Monitor[];
  readonly #read: readonly Monitor[];
  readonly #write: readonly Monitor[];
  readonly #order: readonly Monitor[];
  readonly #wants: readonly Monitor[];
  readonly #switched: readonly Monitor[];
  readonly #allocated: readonly Monitor[];
  readonly #freed: readonly Monitor[];
  readonly #firstReader: Monitor;
  readonly #firstWriter: Monitor;

  constructor(all: readonly Monitor[]) {
    this.#all = all;
    const read = listeners(all, 'read');
    const write = listeners(all, 'write');
    this.#firstReader = read[0] ?? new QuietMonitor();
    this.#firstWriter = write[0] ?? new QuietMonitor();
    this.#read = read.slice(1);
    this.#write = write.slice(1);
    this.#order = listeners(all, 'created');
    this.#wants = listeners(all, 'wants');
    this.#switched = listeners(all, 'switched');
    this.#allocated = listeners(all, 'allocated');
    this.#freed = listeners(all, 'freed');
  }

  begin(w: World): void {
    for (const monitor of this.#all) monitor.begin(w);
  }

  ended(w: World): void {
    for (const monitor of this.#all) monitor.ended(w);
  }

  touched(l: Lwp | null, object: object | null, kind: AccessKind): void {
    for (const monitor of this.#all) monitor.touched(l, object, kind);
  }

  read(v: Variable, site: number): void {
    this.#firstReader.read(v, site);
    for (let i = 0; i < this.#read.length; i++) this.#read[i].read(v, site);
  }

  write(v: Variable, site: number): void {
    this.#firstWriter.write(v, site);
    for (let i = 0; i < this.#write.length; i++) this.#write[i].write(v, site);
  }

  acquire(l: Lwp, object: object): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].acquire(l, object);
  }

  release(l: Lwp, object: object): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].release(l, object);
  }

  atomic(l: Lwp | null, object: object): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].atomic(l, object);
  }

  wants(l: Lwp, lock: object): void {
    for (let i = 0; i < this.#wants.length; i++) this.#wants[i].wants(l, lock);
  }

  locked(l: Lwp, lock: object): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].locked(l, lock);
  }

  unlocked(l: Lwp, lock: object): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].unlocked(l, lock);
  }

  created(creator: Lwp | null, child: Lwp): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].created(creator, child);
  }

  exited(l: Lwp): void {
    for (const monitor of this.#all) monitor.exited(l);
  }

  joined(l: Lwp, ended: Lwp): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].joined(l, ended);
  }

  woken(waker: Lwp | null, sleeper: Lwp): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i].woken(waker, sleeper);
  }

  switched(to: Lwp): void {
    for (let i = 0; i < this.#switched.length; i++) this.#switched[i].switched(to);
  }

  allocated(object: object): void {
    for (let i = 0; i < this.#allocated.length; i++) this.#allocated[i].allocated(object);
  }

  freed(object: object): void {
    for (let i = 0; i < this.#freed.length; i++) this.#freed[i].freed(object);
  }

  misfit(value: number, site: number): void {
    for (const monitor of this.#all) monitor.misfit(value, site);
  }

  asserts(l: Lwp, v: Variable, excluded: Exclusion): void {
    for (const monitor of this.#all) monitor.asserts(l, v, excluded);
  }

  regionBegins(l: Lwp, region: AtomicRegion): void {
    for (const monitor of this.#all) monitor.regionBegins(l, region);
  }

  regionEnds(l: Lwp, region: AtomicRegion): void {
    for (const monitor of this.#all) monitor.regionEnds(l, region);
  }
}
