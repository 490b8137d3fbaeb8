/**
 * Possible deadlocks: locks that were taken in orders that form a cycle, in a run where nobody had
 * to wait. Goodlock (Havelund, SPIN 2000), with the conditions of Bensalem and Havelund (HVC 2005).
 *
 * An edge is "LWP l, holding a, took b and was ready to wait for it". Edges form a possible deadlock
 * when each wants the lock that the next holds, and
 *
 *   they are of different LWPs, which nothing but locks orders: neither made or woke the other, nor
 *   waited for its end, in between;
 *   no two hold a common (gate) lock, of which one would have to be given back first;
 *   each really excludes the next: not both shared.
 *
 * A hint   It is a statement about other runs, and what a program computes may forbid those. So it
 *          is told apart from `deadlock`, and fails no run unless the detector was made with `ends`:
 *          hunts take Report.variables, the locks of the cycle, and try to bring it about; only
 *          what was brought about is a failure. Possible deadlocks that never were are a note that
 *          is shown on request (`--all`), with the number of schedules that tried.
 * Limits   Cycles of at most CYCLE_MAX locks. Locks are told apart as objects, so an order of two
 *          inodes says nothing of two others.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { conclude, unwindWorld } from '../outcome.ts';
import type { Report, ReportSide } from '../report.ts';
import type { World } from '../world.ts';
import { callSites, stepText, stepTexts } from './calls.ts';
import { typeOf } from './describe.ts';
import type { DetectorOptions } from './options.ts';
import { type Actor, type Clock, drop, nameOf, Ordering, type Sync } from './ordering.ts';

/** Locks in a cycle that is looked for. */
const CYCLE_MAX = 5;
/** Edges with the same LWP and locks that are kept: they differ in what orders or guards them. */
const VARIANTS_MAX = 8;
/** Steps of a search. */
const STEPS_MAX = 10_000;

/** An LWP took a lock while it held another. */
class Edge {
  readonly lwp: Lwp;
  readonly slot: number;
  readonly epoch: number;
  readonly clock: Clock;
  readonly from: Sync;
  readonly fromShared: boolean;
  readonly to: Sync;
  readonly toShared: boolean;
  /** All locks held, with `from`. */
  readonly held: readonly Sync[];
  readonly heldShared: readonly boolean[];
  readonly icount = hooks.icount;
  readonly callSites = callSites();

  constructor(a: Actor, at: number, to: Sync, toShared: boolean) {
    this.lwp = a.lwp;
    this.slot = a.slot;
    this.epoch = a.epoch;
    this.clock = a.clock.slice();
    this.from = a.held[at];
    this.fromShared = a.heldShared[at];
    this.to = to;
    this.toShared = toShared;
    this.held = a.held.slice();
    this.heldShared = a.heldShared.slice();
  }
}

/** Whether one happened before the other, locks apart. */
function ordered(a: Edge, b: Edge): boolean {
  return b.clock[a.slot] >= a.epoch || a.clock[b.slot] >= b.epoch;
}

/** Whether a lock that both hold keeps them from standing there at the same time. */
function gated(a: Edge, b: Edge): boolean {
  return a.held.some((lock, i) => {
    const at = b.held.indexOf(lock);
    return at >= 0 && !(a.heldShared[i] && b.heldShared[at]);
  });
}

export class LockOrderDetector extends Ordering {
  readonly #ends: boolean;
  /** By Sync.index of the lock held. */
  readonly #edges: Edge[][] = [];
  readonly #found = new Set<string>();
  #steps = 0;

  constructor(options: DetectorOptions) {
    super();
    this.#ends = options.ends === true;
  }

  override begin(w: World): void {
    super.begin(w);
    for (const edges of this.#edges) if (edges.length > 0) edges.length = 0;
    this.#found.clear();
  }

  override wants(l: Lwp, lock: object): void {
    this.actor(l).wanted = this.sync(lock);
  }

  /** Locks order nothing here: in another run they are taken the other way round. */
  override locked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const s = this.sync(lock);
    const shared = (lock as { owner?: unknown }).owner !== l;
    if (a.wanted === s && a.held.length > 0 && !a.held.includes(s)) {
      for (let i = 0; i < a.held.length; i++) this.#add(a, i, s, shared);
    }
    a.wanted = null;
    a.held.push(s);
    a.heldShared.push(shared);
  }

  override unlocked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const at = a.held.lastIndexOf(this.sync(lock));
    if (at >= 0) drop(a, at);
  }

  /** Who is woken because a lock was given back is not ordered by that either. */
  override woken(waker: Lwp | null, sleeper: Lwp): void {
    if (this.actor(sleeper).wanted === null) super.woken(waker, sleeper);
  }

  override acquire(l: Lwp, object: object): void {
    if (this.actor(l).wanted === null) super.acquire(l, object);
  }

  #add(a: Actor, at: number, to: Sync, shared: boolean): void {
    const from = a.held[at];
    while (this.#edges.length <= from.index) this.#edges.push([]);
    const edges = this.#edges[from.index];
    let variants = 0;
    for (const edge of edges) {
      if (edge.lwp !== a.lwp || edge.to !== to) continue;
      if (edge.epoch === a.epoch && edge.toShared === shared && sameLocks(edge, a)) return;
      if (++variants === VARIANTS_MAX) return;
    }
    const edge = new Edge(a, at, to, shared);
    edges.push(edge);
    this.#steps = 0;
    const cycle = this.#search([edge]);
    if (cycle !== null) this.#report(cycle);
  }

  /** Goes on from the last edge until the first's lock is wanted. */
  #search(path: Edge[]): Edge[] | null {
    const first = path[0];
    const last = path[path.length - 1];
    if (path.length === CYCLE_MAX || last.to.index >= this.#edges.length) return null;
    for (const next of this.#edges[last.to.index]) {
      if (++this.#steps > STEPS_MAX) return null;
      if (last.toShared && next.fromShared) continue;
      if (path.some((e) => e.lwp === next.lwp || e.from === next.from)) continue;
      if (path.some((e) => ordered(e, next) || gated(e, next))) continue;
      path.push(next);
      if (next.to === first.from && !(next.toShared && first.fromShared)) return path;
      const found = this.#search(path);
      if (found !== null) return found;
      path.pop();
    }
    return null;
  }

  #report(cycle: readonly Edge[]): void {
    const w = this.w;
    if (w === null || !cycle[0].lwp.kernel.config.lockdebug) return;
    const signature = signatureOf(cycle);
    if (this.#found.has(signature)) return;
    this.#found.add(signature);
    const report = makeReport(w, cycle, signature);
    w.reports.push(report);
    if (!this.#ends) return;
    conclude(w, 'lock-order', report.message, cycle[0].lwp, { lwps: cycle.map((e) => e.lwp) });
    unwindWorld();
  }
}

function sameLocks(edge: Edge, a: Actor): boolean {
  return edge.held.length === a.held.length && edge.held.every((lock, i) => lock === a.held[i]);
}

/** By the names of locks: which function took one depends on whether it had to wait there. */
function signatureOf(cycle: readonly Edge[]): string {
  const steps = cycle.map(({ from, to }) => `${nameOf(from.object)}>${nameOf(to.object)}`);
  return `lock-order ${steps.sort().join(' ')}`;
}

function makeReport(w: World, cycle: readonly Edge[], signature: string): Report {
  const places = stepTexts(
    w,
    cycle.map((edge) => edge.icount),
  );
  const steps = cycle.map((edge) => {
    const { lwp, from, to } = edge;
    const [had, took] = [from, to].map((lock) => `'${nameOf(lock.object)}'`);
    return `LWP ${lwp.id} (${lwp.name}) held ${had} and took ${took}${stepText(places, edge)}`;
  });
  const locks = cycle.map((edge) => edge.from.object);
  return {
    verdict: 'lock-order',
    detector: 'lock-order',
    message: `a deadlock is possible: ${steps.join('; ')}`,
    sides: cycle.map(sideOf),
    objectType: typeOf(locks[0]),
    object: locks.map(nameOf).join(', '),
    explanation: [
      'Nobody had to wait in this run. No lock is held by all of them, and nothing else orders them.',
    ],
    variables: locks.flatMap((lock) => w.variables?.ofObject(lock)[0]?.id ?? []),
    signature,
  };
}

function sideOf(edge: Edge): ReportSide {
  const { lwp, icount, held } = edge;
  return {
    lwp: lwp.id,
    lwpName: lwp.name,
    cpu: lwp.cpu.index,
    site: edge.callSites[0] ?? 0,
    icount,
    does: 'lock',
    callSites: edge.callSites,
    held: held.map((lock) => nameOf(lock.object)),
  };
}
