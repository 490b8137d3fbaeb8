/**
 * What strategies learn of a program from one schedule to the next, and what they see in a run:
 * which operation each thread is about to do, whether it can, and whether it only spins.
 *
 * Counts   The most operations that a thread had in a run, and the most on each variable: an
 *          element-wise maximum over runs, because a single run that ended early would otherwise
 *          freeze wrong weights (Zhao et al., ASPLOS 2025, profile once).
 * Family   A thread stands for its children until they are made, so that a parent which is late
 *          does not make its children late.
 * Spinning A thread goes round when it does again what it did within its last few operations, and
 *          nobody has written to what it reads. How often it may do so depends on what it does:
 *          reading a flag is soon enough, taking a lock (behind which a plain function may work) is
 *          not. It is then passed over until another thread has done something new.
 */

import { hooks } from '../../hooks.ts';
import { type Lwp, LSONPROC } from '../../kern/lwp.ts';
import {
  OP_ATOMIC,
  OP_LOCK,
  OP_POINT,
  OP_RDLOCK,
  OP_READ,
  OP_START,
  OP_WAKE,
  OP_WRITE,
  opBlocked,
  type OpKind,
} from '../op.ts';
import { pathNumber, type Variable } from '../variable.ts';
import { grown, REMEMBERED, Thread } from './thread.ts';

/** Idleness at which a thread is taken to spin. */
const SPINS = 32;
/** What doing again adds to idleness: a lock, another operation, one where accesses are not seen. */
const IDLE_LOCK = 1;
const IDLE_ACCESS = 8;
const IDLE_BLIND = 2;
/** Locks of a chain of owners that are looked at for a cycle. */
const CHAIN_MAX = 32;

/** What is known of a variable, by its slot. */
export const SHARED = 1;
export const WRITTEN = 2;
export const LOCKED = 4;

/** Estimates as plain data: to begin from in another thread of the host. */
export interface LearnedEstimates {
  readonly runs: number;
  /** path, index of the parent (-1: none), most. */
  readonly threads: readonly (readonly [number, number, number])[];
  /** mostOn of each thread. */
  readonly counts: readonly (readonly number[])[];
  readonly variables: readonly (readonly [id: number, facts: number])[];
  readonly lockOrder: readonly number[];
}

export class Estimates {
  /** Runs that were learned from. */
  runs = 0;
  /** All threads ever seen, parents before their children. */
  readonly all: Thread[] = [];
  /** Those of this run, in the order in which they were met. */
  readonly met: Thread[] = [];
  /** Those of the candidates at the last look(). */
  readonly candidates: Thread[] = [];
  /** Variables, by slot. */
  readonly ids: number[] = [];
  readonly facts: number[] = [];
  /** Lock order edges from << 16 | to, by slot. */
  readonly lockOrder = new Set<number>();
  /** Changes whenever something new is learned. */
  version = 0;

  readonly #byPath = new Map<number, Thread>();
  #byId: Thread[] = [];
  readonly #slots = new Map<number, number>();
  #run = 0;
  /** Things that threads did which were new. */
  #news = 0;
  /** Writes to a variable, by slot. */
  #writes = new Int32Array(16);
  /** Accesses are seen: what looks the same is the same. */
  #seesAccesses = false;

  begin(): void {
    this.#run++;
    this.met.length = 0;
  }

  /** Whether a variable is known to be shared, by its Variable.id. */
  knows(id: number): boolean {
    const slot = this.#slots.get(id);
    return slot !== undefined && (this.facts[slot] & SHARED) !== 0;
  }

  /** Sees the candidates, and what the running LWP has come to. */
  look(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    accesses: number,
  ): void {
    if (current !== null) {
      const t = this.of(current);
      if (current.stat === LSONPROC) this.#arrived(t, current, points, accesses);
      else this.#finish(t);
    }
    for (let i = 0; i < count; i++) {
      const l = candidates[i];
      const t = this.of(l);
      this.candidates[i] = t;
      if (l.opKind === OP_WAKE && l !== current && (t.kind !== OP_WAKE || t.chosen)) {
        this.#finish(t);
        this.#comesTo(t, OP_WAKE, l.op, 0);
      }
    }
  }

  /** The thread's next operation is going to be done. */
  chose(t: Thread): void {
    t.chosen = true;
    if (t.v === null) return;
    if (t.kind === OP_WRITE) this.#writes[t.v.slot]++;
    else if (t.kind === OP_ATOMIC) t.value = (t.v.object as { value?: unknown }).value;
  }

  /** The thread of an LWP. */
  of(l: Lwp): Thread {
    const t = this.#byId[l.id];
    if (t !== undefined && t.run === this.#run && t.lwp === l) return t;
    return this.#meet(l, t);
  }

  #meet(l: Lwp, before: Thread | undefined): Thread {
    const path = pathNumber(l);
    let t = before;
    if (t === undefined || t.path !== path) t = this.#byPath.get(path);
    const parent = l.creator === null ? null : this.of(l.creator);
    if (t === undefined) t = this.#add(new Thread(path, parent));
    t.reset(this.#run, l);
    t.ops = 1;
    t.unborn = t.family - t.most;
    if (parent !== null) parent.unborn = Math.max(0, parent.unborn - t.family);
    this.#byId[l.id] = t;
    this.met.push(t);
    this.#news++;
    return t;
  }

  #add(t: Thread): Thread {
    this.all.push(t);
    this.#byPath.set(t.path, t);
    return t;
  }

  #arrived(t: Thread, l: Lwp, points: number, accesses: number): void {
    this.#finish(t);
    const statement = points === t.points && accesses === t.accesses;
    const unknown = statement || l.opKind === OP_WAKE || l.opKind === OP_START;
    t.points = points;
    t.accesses = accesses;
    if (unknown) this.#comesTo(t, OP_POINT, null, hooks.site);
    else this.#comesTo(t, l.opKind, l.op, l.opSite === 0 ? hooks.site : l.opSite);
  }

  /** The thread comes to an operation. */
  #comesTo(t: Thread, kind: OpKind, v: Variable | null, site: number): void {
    t.arrivals++;
    t.kind = kind;
    t.v = v;
    t.site = site;
    t.chosen = false;
    const slot = v === null ? -1 : this.#slotOf(v);
    if (kind === OP_READ || kind === OP_WRITE) this.#seesAccesses = true;
    const writes = slot < 0 || kind === OP_LOCK || kind === OP_RDLOCK ? 0 : this.#writes[slot];
    t.again = kind !== OP_WAKE && this.#didBefore(t, mark(site, kind, slot, writes));
    if (t.again) {
      t.idleness += this.#idle(kind);
      if (this.#seesAccesses && kind !== OP_LOCK && kind !== OP_RDLOCK) return;
      if (t.idleness >= SPINS) return;
    } else {
      t.idleness = 0;
      this.#news++;
    }
    t.news = this.#news;
    t.ops++;
    if (slot < 0 || kind === OP_WAKE) return;
    t.opsOn = grown(t.opsOn, slot);
    t.opsOn[slot]++;
    this.#note(t, kind, v!, slot);
  }

  #idle(kind: OpKind): number {
    if (kind === OP_LOCK || kind === OP_RDLOCK) return IDLE_LOCK;
    return this.#seesAccesses ? IDLE_ACCESS : IDLE_BLIND;
  }

  /** Whether it did this within its last operations; notes it otherwise. */
  #didBefore(t: Thread, did: number): boolean {
    const { recent } = t;
    for (let i = 0; i < REMEMBERED; i++) if (recent[i] === did) return true;
    recent[t.recentAt] = did;
    t.recentAt = (t.recentAt + 1) % REMEMBERED;
    return false;
  }

  /** What the operation says about the variable. */
  #note(t: Thread, kind: OpKind, v: Variable, slot: number): void {
    let facts = this.facts[slot];
    if (v.shared) facts |= SHARED;
    if (kind === OP_LOCK || kind === OP_RDLOCK) {
      facts |= LOCKED;
      this.#noteOrder(t, v, slot);
    }
    if (kind !== OP_READ && kind !== OP_RDLOCK) facts |= WRITTEN;
    if (facts === this.facts[slot]) return;
    this.facts[slot] = facts;
    this.version++;
  }

  /** Edges from the locks that it holds to the one that it comes to. */
  #noteOrder(t: Thread, v: Variable, slot: number): void {
    const { locks } = t;
    let kept = 0;
    for (let i = 0; i < locks.length; i++) {
      if (!holds(t.lwp!, locks[i])) continue;
      locks[kept++] = locks[i];
      const edge = (locks[i].slot << 16) | slot;
      if (locks[i] === v || this.lockOrder.has(edge)) continue;
      this.lockOrder.add(edge);
      this.version++;
    }
    locks.length = kept;
    if (!locks.includes(v)) locks.push(v);
  }

  /** The operation that it was about to do has been done. */
  #finish(t: Thread): void {
    const { v } = t;
    if (v === null || (t.kind !== OP_WRITE && t.kind !== OP_ATOMIC)) return;
    if (t.kind === OP_ATOMIC) {
      if (!t.chosen || (v.object as { value?: unknown }).value === t.value) return;
      this.#writes[v.slot]++;
    } else if (!t.chosen) this.#writes[v.slot]++;
    t.v = null;
    t.recent.fill(0);
    t.idleness = 0;
  }

  #slotOf(v: Variable): number {
    if (v.slot >= 0) return v.slot;
    let slot = this.#slots.get(v.id);
    if (slot === undefined) {
      slot = this.#newSlot(v.id);
      this.version++;
    }
    v.slot = slot;
    return slot;
  }

  #newSlot(id: number): number {
    const slot = this.ids.length;
    this.ids.push(id);
    this.facts.push(0);
    this.#slots.set(id, slot);
    this.#writes = grown(this.#writes, slot);
    return slot;
  }

  /** Whether its next operation would only put it to sleep. */
  blocked(t: Thread): boolean {
    const l = t.lwp!;
    if (t.kind === OP_LOCK || t.kind === OP_RDLOCK) return t.kind === l.opKind && opBlocked(l);
    if (t.kind !== OP_WAKE || l.op === null) return false;
    const { owner } = l.op.object as { owner?: Lwp | null };
    return owner !== undefined && owner !== null && owner !== l;
  }

  /** Whether it goes round, and nobody has done anything new since. */
  spins(t: Thread): boolean {
    return t.idleness >= SPINS && t.news === this.#news;
  }

  /** Whether a thread that is blocked waits for itself: choosing it shows the deadlock. */
  doomed(t: Thread): boolean {
    let l = ownerOf(t.lwp!.op?.object);
    for (let i = 0; i < CHAIN_MAX && l !== null; i++) {
      if (l === t.lwp) return true;
      if (l.waitsFor !== null) l = ownerOf(l.waitsFor);
      else {
        const other = this.of(l);
        if (!this.blocked(other)) return false;
        l = ownerOf(l.op?.object);
      }
    }
    return false;
  }

  /** The run is over. */
  learn(): void {
    this.runs++;
    let changed = false;
    for (let i = 0; i < this.met.length; i++) changed = learnOf(this.met[i]) || changed;
    if (!changed) return;
    this.version++;
    this.#families();
  }

  #families(): void {
    const { all } = this;
    for (let i = 0; i < all.length; i++) all[i].family = all[i].most;
    for (let i = all.length - 1; i >= 0; i--) {
      const { parent, family } = all[i];
      if (parent !== null) parent.family += family;
    }
  }

  /** What was learned, as plain data. */
  export(): LearnedEstimates {
    const { all, ids, facts, runs } = this;
    const index = new Map(all.map((t, i) => [t, i]));
    return {
      runs,
      threads: all.map((t) => [
        t.path,
        t.parent === null ? -1 : (index.get(t.parent) ?? -1),
        t.most,
      ]),
      counts: all.map((t) => [...t.mostOn.subarray(0, ids.length)]),
      variables: ids.map((id, slot) => [id, facts[slot]]),
      lockOrder: [...this.lockOrder],
    };
  }

  /** Begins from what another has learned; before the first run. */
  load(learned: LearnedEstimates): void {
    this.runs = learned.runs;
    for (const [id, facts] of learned.variables) this.facts[this.#newSlot(id)] = facts;
    learned.threads.forEach(([path, parent, most], i) => {
      const t = this.#add(new Thread(path, parent < 0 ? null : this.all[parent]));
      t.most = most;
      t.mostOn = Int32Array.from(learned.counts[i]);
    });
    for (const edge of learned.lockOrder) this.lockOrder.add(edge);
    this.#families();
    this.version++;
  }
}

/** Takes over what a run had more of. */
function learnOf(t: Thread): boolean {
  let changed = false;
  if (t.ops > t.most) {
    t.most = t.ops;
    changed = true;
  }
  const { opsOn } = t;
  if (opsOn.length > t.mostOn.length) t.mostOn = grown(t.mostOn, opsOn.length - 1);
  for (let slot = 0; slot < opsOn.length; slot++) {
    if (opsOn[slot] <= t.mostOn[slot]) continue;
    t.mostOn[slot] = opsOn[slot];
    changed = true;
  }
  return changed;
}

function ownerOf(object: object | undefined): Lwp | null {
  return (object as { owner?: Lwp | null } | undefined)?.owner ?? null;
}

function holds(l: Lwp, lock: Variable): boolean {
  const { owner, readers } = lock.object as { owner?: Lwp | null; readers?: readonly Lwp[] };
  return owner === l || readers?.includes(l) === true;
}

/** An operation as one number, not 0. */
function mark(site: number, kind: OpKind, slot: number, writes: number): number {
  const number =
    Math.imul(Math.imul(site, 31) + kind, 0x01000193) ^ Math.imul(slot + 2, 0x9e3779b1);
  return (number + Math.imul(writes, 0x85ebca6b)) | 1;
}
