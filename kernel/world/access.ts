/**
 * What the world does with accesses (kernel/accesses.ts): makes variables of them, tells who watches,
 * and at the grain `access` asks whether another LWP is to come first.
 *
 * A strategy that has seen the program run is not asked about variables that were one LWP's alone
 * (strategy/privacy.ts). A replay is asked at the counts that its directives name, and
 * needs no variables at all.
 */

import { type AccessKind, type AccessListener, READ, type StepField, WRITE } from '../accesses.ts';
import { hooks } from '../hooks.ts';
import type { Lwp } from '../kern/lwp.ts';
import { accessNames, accessUpdates } from '../sites.ts';
import { collectionAccess, type ElementAccess, iteration, keyOf } from './collections.ts';
import { current } from './current.ts';
import type { Monitor } from './monitor.ts';
import { OP_POINT, OP_READ, OP_WRITE } from './op.ts';
import { accessStride, askAtAccess, mayGive } from './schedule.ts';
import type { Variable } from './variable.ts';
import type { World } from './world.ts';

/** The LWP begins to run: when the strategy is to be asked about an access of it. */
export function armAccesses(w: World, l: Lwp): void {
  hooks.accesses.stop = hooks.accesses.count + accessStride(w, l);
}

export class WorldAccesses implements AccessListener {
  readonly w: World;
  /** What an access that gave way does besides its operation (Lwp.op); rarely anything. */
  #rest: Map<Lwp, readonly ElementAccess[]> | null = null;

  constructor(w: World) {
    this.w = w;
  }

  access(object: object, key: unknown, site: number, kind: AccessKind, yields: boolean): boolean {
    const { variables } = this.w;
    if (variables === null) return yields && this.#ask(null, site, kind);
    const v = variables.at(site, object, keyOf(object, key), current.lwp);
    if (yields && this.#ask(v, site, kind)) return true;
    this.#tell(v, site, kind, yields);
    return false;
  }

  call(object: object, key: unknown, site: number, yields: boolean): boolean {
    const { variables } = this.w;
    if (variables === null) return yields && this.#ask(null, site, READ);
    return this.#several(
      collectionAccess(variables, object, accessNames[-site], key),
      site,
      yields,
    );
  }

  step(site: number): boolean {
    return this.#ask(null, site, READ);
  }

  iterate(object: object, site: number, yields: boolean): boolean {
    const { variables } = this.w;
    if (variables === null) return yields && this.#ask(null, site, READ);
    return this.#several(iteration(variables, object), site, yields);
  }

  misfit(value: number, site: number): void {
    this.w.monitor?.misfit(value, site);
  }

  /** An access to several elements: the first is what the schedule is asked about. */
  #several(parts: readonly ElementAccess[], site: number, yields: boolean): boolean {
    if (parts.length === 0) return false;
    const [first, ...rest] = parts;
    const l = current.lwp;
    if (yields && this.#ask(first.v, site, first.kind)) {
      if (rest.length > 0 && l !== null) {
        this.#rest ??= new Map();
        this.#rest.set(l, rest);
      }
      return true;
    }
    for (const { v, kind } of parts) this.#tell(v, site, kind, yields);
    return false;
  }

  resumed(): void {
    const l = current.lwp;
    if (l === null || this.w.monitor === null || l.op === null) return;
    this.#tell(l.op, l.opSite, l.opKind === OP_WRITE ? WRITE : READ, true);
    if (this.#rest === null) return;
    for (const { v, kind } of this.#rest.get(l) ?? []) this.#tell(v, l.opSite, kind, true);
    this.#rest.delete(l);
  }

  #tell(v: Variable, site: number, kind: AccessKind, yields: boolean): void {
    const { monitor, loops } = this.w;
    if (loops !== null && kind === READ) loops.read(v);
    if (monitor === null) return;
    if (v.step !== null) this.#tellStep(monitor, v, v.step, { site, kind, yields });
    else if (kind === WRITE) monitor.write(v, site);
    else monitor.read(v, site);
  }

  /** As with the lock or atomic operation that NetBSD has there: inOneStep(). */
  #tellStep(
    monitor: Monitor,
    v: Variable,
    step: StepField,
    how: { readonly site: number; readonly kind: AccessKind; readonly yields: boolean },
  ): void {
    const l = current.lwp;
    const { site, kind, yields } = how;
    if (step.holds) this.w.variables?.meetContents(v, step);
    if (l === null) return;
    if (kind === WRITE && yields && accessUpdates[-site]) monitor.write(v, site);
    else {
      if (step.orders) monitor.acquire(l, v);
      monitor.read(v, site);
    }
    if (step.orders && kind === WRITE) monitor.release(l, v);
  }

  #ask(v: Variable | null, site: number, kind: AccessKind): boolean {
    const { w } = this;
    const l = current.lwp;
    if (!w.everyAccess || l === null || hooks.accesses.count < hooks.accesses.stop) return false;
    if (!mayGive()) return false;
    if (v !== null) {
      const { strategy } = w;
      if (!v.shared && strategy.isPrivate?.(v.id) === true) return false;
      l.opKind = kind === READ ? OP_READ : OP_WRITE;
      l.op = v;
    } else {
      l.opKind = OP_POINT;
      l.op = null;
    }
    l.opSite = site;
    if (!askAtAccess(w, l)) return false;
    hooks.at = hooks.site;
    return true;
  }
}
