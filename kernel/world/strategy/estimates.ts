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
import { DIRECTIVE_STATEMENT, type DirectiveKind } from '../directives.ts';
import {
  OP_ATOMIC,
  OP_LOCK,
  OP_POINT,
  OP_RDLOCK,
  OP_READ,
  OP_START,
  OP_WAKE,
  OP_WRITE,
  type OpKind,
} from '../op.ts';
import { pathNumber, type Variable } from '../variable.ts';
import type { World } from '../world.ts';
import { holds } from './blocking.ts';
import type { Pairs } from './pairs.ts';
import { Privacy, type PrivacyData } from './privacy.ts';
import { clear, grown, REMEMBERED, Thread } from './thread.ts';

/** Idleness at which a thread is taken to spin. */
const SPINS = 32;
/** What doing again adds to idleness: a lock, an access, what is blind to accesses. */
const IDLE_LOCK = 1;
const IDLE_ACCESS = 8;
const IDLE_BLIND = 2;

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
  readonly privacy: PrivacyData;
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
  /** Places in conflict, for who looks at them. */
  pairs: Pairs | null = null;
  readonly privacy = new Privacy();

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
    this.pairs?.begin();
  }

  /** Sees the candidates, and what the running LWP has come to. */
  look(candidates: readonly Lwp[], count: number, current: Lwp | null, kind: DirectiveKind): void {
    if (current !== null) {
      const t = this.of(current);
      if (current.stat === LSONPROC) this.#arrived(t, current, kind);
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
    this.pairs?.did(t);
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
    t.opsOnNothing = 1;
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

  #arrived(t: Thread, l: Lwp, asked: DirectiveKind): void {
    this.#finish(t);
    const site = l.opSite === 0 ? calledFrom(t) : l.opSite;
    t.statement = hooks.site;
    const { opKind } = l;
    // At a statement, the operation is one that has been done.
    if (asked === DIRECTIVE_STATEMENT || opKind === OP_WAKE || opKind === OP_START) {
      this.#comesTo(t, OP_POINT, null, site);
    } else this.#comesTo(t, opKind, l.op, site);
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
    if (!t.again) this.#news++;
    t.news = this.#news;
    if (t.again) {
      t.idleness += this.#idle(kind);
      if (this.#seesAccesses && kind !== OP_LOCK && kind !== OP_RDLOCK) return;
      if (t.idleness >= SPINS) return;
    } else t.idleness = 0;
    if (slot < 0 || kind === OP_WAKE) {
      t.ops++;
      t.opsOnNothing++;
      return;
    }
    t.opsOn = grown(t.opsOn, slot);
    t.opsOn[slot]++;
    this.#note(t, kind, v!, slot);
    if ((this.facts[slot] & SHARED) !== 0) t.ops++;
    else t.opsOnUnshared++;
  }

  #idle(kind: OpKind): number {
    if (kind === OP_LOCK || kind === OP_RDLOCK) return IDLE_LOCK;
    return this.#seesAccesses && kind !== OP_POINT ? IDLE_ACCESS : IDLE_BLIND;
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
    clear(t.recent);
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

  /** Whether it goes round, and nobody has done anything new since. */
  spins(t: Thread): boolean {
    return t.idleness >= SPINS && t.news === this.#news;
  }

  /** The run is over. */
  learn(w: World): void {
    this.runs++;
    let changed = false;
    this.privacy.learn(w);
    for (let i = 0; i < this.met.length; i++) changed = learnOf(this.met[i], this.facts) || changed;
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
      privacy: this.privacy.data(),
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
    this.privacy.load(learned.privacy);
    this.#families();
    this.version++;
  }
}

/** Takes over what a run had more of. */
function learnOf(t: Thread, facts: readonly number[]): boolean {
  let changed = false;
  const { opsOn } = t;
  if (t.opsOnUnshared > 0) countShared(t, facts);
  if (t.ops > t.most) {
    t.most = t.ops;
    changed = true;
  }
  if (opsOn.length > t.mostOn.length) t.mostOn = grown(t.mostOn, opsOn.length - 1);
  for (let slot = 0; slot < opsOn.length; slot++) {
    if (opsOn[slot] <= t.mostOn[slot]) continue;
    t.mostOn[slot] = opsOn[slot];
    changed = true;
  }
  return changed;
}

/** Counts what turned out later to be shared. */
function countShared(t: Thread, facts: readonly number[]): void {
  const { opsOn } = t;
  let ops = 0;
  for (let slot = 0; slot < opsOn.length; slot++) {
    if (opsOn[slot] > 0 && (facts[slot] & SHARED) !== 0) ops += opsOn[slot];
  }
  t.ops = Math.max(t.ops, ops + t.opsOnNothing);
}

/**
 * Where the running LWP's primitive was called, as a number. The statement is in the primitive
 * itself, so it takes its callers, and what the thread did before, to tell one call from another.
 */
function calledFrom(t: Thread): number {
  const { site, sites, fp } = hooks;
  if (t.kind === OP_START) return site;
  let number = Math.imul(t.statement, 31) + site;
  for (let i = 1; i < fp; i++) number = Math.imul(number ^ sites[i], 0x01000193);
  return number;
}

/** An operation as one number, not 0. */
function mark(site: number, kind: OpKind, slot: number, writes: number): number {
  const number =
    Math.imul(Math.imul(site, 31) + kind, 0x01000193) ^ Math.imul(slot + 2, 0x9e3779b1);
  return (number + Math.imul(writes, 0x85ebca6b)) | 1;
}
