/**
 * What happens before what: a vector clock for each LWP, and one for each object that orders LWPs.
 * Lamport, "Time, Clocks, and the Ordering of Events" (CACM 1978); Fidge and Mattern's vectors.
 *
 * An LWP has a slot, and an epoch that moves on whenever it releases something. What it does in
 * epoch e of slot s happens before whatever an LWP does whose clock has at least e in slot s.
 *
 * Edges    Locks: an exclusive holder after all former holders, a shared one after the exclusive
 *          ones. Whatever else is released and acquired: every release before every later acquire.
 *          Making, joining, waking. Without kernel preemption, whoever has a CPU after whoever had
 *          it before: no schedule of that kernel can have them otherwise on that CPU. Where an LWP
 *          ran is noted as it leaves, so one that migrates brings its own past along and takes no
 *          edge from its new CPU but from whoever left it. Softints preempt, so their CPU orders
 *          nothing about them.
 * Speed    Everything is pooled over runs, for hunts. Slots of LWPs that were joined are used
 *          again by those whose maker knows of their end, so a clock is as long as LWPs are many
 *          at one time.
 */

import { type Lwp, PRI_SOFTINT } from '../../kern/lwp.ts';
import { QuietMonitor } from '../monitor.ts';
import type { World } from '../world.ts';

/** What people call something that LWPs wait for or lock. */
export function nameOf(object: object): string {
  const { name, wmesg } = object as { name?: unknown; wmesg?: unknown };
  if (typeof name === 'string' && name !== '') return name;
  if (typeof wmesg === 'string' && wmesg !== '') return wmesg;
  return object.constructor?.name ?? 'object';
}

/** An object that orders LWPs. */
export class Sync {
  object: object;
  /** Its number in the run; index in Ordering.syncs. */
  index: number;
  /** The past of whoever released it (exclusively), and of those who released it shared. */
  clock: number[] = [];
  shared: number[] = [];

  constructor(object: object, index: number) {
    this.object = object;
    this.index = index;
  }
}

/** An LWP, as detectors see it. */
export class Actor {
  lwp: Lwp;
  slot = 0;
  epoch = 1;
  clock: number[] = [];
  /** Locks that it holds, in order, and whether each is held shared. */
  held: Sync[] = [];
  heldShared: boolean[] = [];

  constructor(lwp: Lwp) {
    this.lwp = lwp;
  }
}

/** `into` becomes the later of the two in every slot. */
export function join(into: number[], from: readonly number[]): void {
  const { length } = from;
  const own = Math.min(into.length, length);
  for (let i = 0; i < own; i++) if (from[i] > into[i]) into[i] = from[i];
  for (let i = own; i < length; i++) into.push(from[i]);
}

function assign(into: number[], from: readonly number[]): void {
  into.length = 0;
  for (let i = 0; i < from.length; i++) into.push(from[i]);
}

/** Whether epoch `epoch` of slot `slot` happened before what `a` does now. */
export function knows(a: Actor, slot: number, epoch: number): boolean {
  return slot < a.clock.length && a.clock[slot] >= epoch;
}

/** Keeps the clocks of a run. Detectors extend it. */
export class Ordering extends QuietMonitor {
  w: World | null = null;
  /** Objects by number, as far as this run has them. */
  readonly syncs: Sync[] = [];
  syncCount = 0;
  readonly #syncOf = new Map<object, Sync>();
  /** By LWP number; 0 is the boot path of all kernels. */
  readonly #actors: (Actor | null)[] = [];
  readonly #pool: Actor[] = [];
  #used = 0;
  #slots = 0;
  /** LWPs that were joined, whose slots may be used again. */
  readonly #ended: Actor[] = [];
  /** By CPU of the world: the past of whoever had it; and who has one now, and which. */
  readonly #cpus: number[][] = [];
  #runs: Actor | null = null;
  #runsOn = 0;

  override begin(w: World): void {
    this.w = w;
    this.#syncOf.clear();
    this.syncCount = 0;
    this.#actors.length = 0;
    this.#used = 0;
    this.#slots = 0;
    this.#ended.length = 0;
    for (const clock of this.#cpus) clock.length = 0;
    this.#runs = null;
  }

  /** The LWP's record. One that nobody announced comes after all that was. */
  actor(l: Lwp): Actor {
    return this.#actors[l.id] ?? this.#adopt(l);
  }

  #adopt(l: Lwp): Actor {
    const a = this.#add(l, this.#slots++, 1);
    for (const other of this.#actors) if (other && other !== a) this.follows(a, other);
    a.clock[a.slot] = a.epoch;
    return a;
  }

  #add(l: Lwp, slot: number, epoch: number): Actor {
    const a = this.#pool[this.#used] ?? new Actor(l);
    this.#pool[this.#used++] = a;
    a.lwp = l;
    a.slot = slot;
    a.epoch = epoch;
    a.clock.length = 0;
    a.held.length = 0;
    a.heldShared.length = 0;
    while (this.#actors.length <= l.id) this.#actors.push(null);
    this.#actors[l.id] = a;
    while (a.clock.length <= slot) a.clock.push(0);
    a.clock[slot] = epoch;
    return a;
  }

  /** The record of an object that orders LWPs. */
  sync(object: object): Sync {
    let s = this.#syncOf.get(object);
    if (s !== undefined) return s;
    const index = this.syncCount++;
    if (index < this.syncs.length) {
      s = this.syncs[index];
      s.object = object;
      s.clock.length = 0;
      s.shared.length = 0;
    } else {
      s = new Sync(object, index);
      this.syncs.push(s);
    }
    this.#syncOf.set(object, s);
    return s;
  }

  /** What `a` does from now on is no part of what it released. */
  advance(a: Actor): void {
    a.clock[a.slot] = ++a.epoch;
  }

  /** What `later` does from now on happens after what `earlier` did until now. */
  follows(later: Actor, earlier: Actor): void {
    join(later.clock, earlier.clock);
    this.advance(earlier);
  }

  override acquire(l: Lwp, object: object): void {
    const s = this.#syncOf.get(object);
    if (s !== undefined) join(this.actor(l).clock, s.clock);
  }

  override release(l: Lwp, object: object): void {
    const a = this.actor(l);
    join(this.sync(object).clock, a.clock);
    this.advance(a);
  }

  override locked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const s = this.sync(lock);
    const shared = (lock as { owner?: unknown }).owner !== l;
    join(a.clock, s.clock);
    if (!shared && s.shared.length > 0) join(a.clock, s.shared);
    a.held.push(s);
    a.heldShared.push(shared);
  }

  override unlocked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const s = this.sync(lock);
    const at = a.held.lastIndexOf(s);
    if (at < 0) return;
    if (a.heldShared[at]) join(s.shared, a.clock);
    else assign(s.clock, a.clock);
    drop(a, at);
    this.advance(a);
  }

  override created(creator: Lwp | null, child: Lwp): void {
    const maker = creator === null ? null : this.actor(creator);
    const last = this.#ended.length > 0 ? this.#ended[this.#ended.length - 1] : null;
    let a: Actor;
    if (last !== null && maker !== null && knows(maker, last.slot, last.epoch)) {
      this.#ended.pop();
      a = this.#add(child, last.slot, last.epoch + 1);
    } else a = this.#add(child, this.#slots++, 1);
    if (maker !== null) this.follows(a, maker);
    a.clock[a.slot] = a.epoch;
  }

  override joined(l: Lwp, ended: Lwp): void {
    const other = this.actor(ended);
    join(this.actor(l).clock, other.clock);
    if (!this.#ended.includes(other)) this.#ended.push(other);
  }

  override woken(waker: Lwp | null, sleeper: Lwp): void {
    if (waker !== null) this.follows(this.actor(sleeper), this.actor(waker));
  }

  override switched(to: Lwp): void {
    if (to.kernel.config.preempt || to.priority >= PRI_SOFTINT) return;
    const from = this.#runs;
    const cpu = to.cpu.order;
    if (from !== null) {
      if (from.lwp === to && this.#runsOn === cpu) return;
      join(this.#cpus[this.#runsOn], from.clock);
      this.advance(from);
    }
    while (this.#cpus.length <= cpu) this.#cpus.push([]);
    const a = this.actor(to);
    join(a.clock, this.#cpus[cpu]);
    this.#runs = a;
    this.#runsOn = cpu;
  }
}

function drop(a: Actor, at: number): void {
  const last = a.held.length - 1;
  for (let i = at; i < last; i++) {
    a.held[i] = a.held[i + 1];
    a.heldShared[i] = a.heldShared[i + 1];
  }
  a.held.pop();
  a.heldShared.pop();
}
