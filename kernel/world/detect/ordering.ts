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

/** Slots that clocks have room for at first. */
const ROOM = 8;
/** Objects up to which looking through all is quicker than a map. */
const FEW = 12;

/** A vector clock: an epoch a slot. All of an Ordering have the same length. */
export type Clock = Int32Array;

/** An object that orders LWPs. */
export class Sync {
  object: object;
  /** Its number in the run; index in Ordering.syncs. */
  readonly index: number;
  /** The past of whoever released it (exclusively), and of those who released it shared. */
  clock: Clock;
  shared: Clock;
  /** Whether anything is in `shared`. */
  wasShared = false;

  constructor(object: object, index: number, room: number) {
    this.object = object;
    this.index = index;
    this.clock = new Int32Array(room);
    this.shared = new Int32Array(room);
  }
}

/** An LWP, as detectors see it. */
export class Actor {
  lwp: Lwp;
  slot = 0;
  epoch = 1;
  clock: Clock;
  /** Locks that it holds, in order, and whether each is held shared. */
  readonly held: Sync[] = [];
  readonly heldShared: boolean[] = [];
  /** The lock that it is about to take and would wait for. */
  wanted: Sync | null = null;

  constructor(lwp: Lwp, room: number) {
    this.lwp = lwp;
    this.clock = new Int32Array(room);
  }
}

/** `into` becomes the later of the two in each of the first `slots`. */
function join(into: Clock, from: Clock, slots: number): void {
  for (let i = 0; i < slots; i++) if (from[i] > into[i]) into[i] = from[i];
}

function clear(clock: Clock): void {
  for (let i = 0; i < clock.length; i++) clock[i] = 0;
}

function grown(clock: Clock, room: number): Clock {
  const larger = new Int32Array(room);
  larger.set(clock);
  return larger;
}

/** Whether epoch `epoch` of slot `slot` happened before what `a` does now. */
export function knows(a: Actor, slot: number, epoch: number): boolean {
  return a.clock[slot] >= epoch;
}

/** Keeps the clocks of a run. Detectors extend it. */
export class Ordering extends QuietMonitor {
  w: World | null = null;
  /** Objects by number, as far as this run has them. */
  readonly syncs: Sync[] = [];
  syncCount = 0;
  /** The same by object, once they are many. */
  readonly #syncOf = new Map<object, Sync>();
  /** By LWP number; 0 is the boot path of all kernels. */
  readonly #actors: (Actor | null)[] = [];
  readonly #pool: Actor[] = [];
  #used = 0;
  #slots = 0;
  #room = ROOM;
  /** LWPs that were joined, whose slots may be used again. */
  readonly #ended: Actor[] = [];
  /** By CPU of the world: the past of whoever had it; and who has one now, and which. */
  readonly #cpus: Clock[] = [];
  #runs: Actor | null = null;
  #runsOn = 0;

  override begin(w: World): void {
    this.w = w;
    if (this.#syncOf.size > 0) this.#syncOf.clear();
    this.syncCount = 0;
    for (let i = 0; i < this.#actors.length; i++) this.#actors[i] = null;
    this.#used = 0;
    this.#slots = 0;
    while (this.#ended.length > 0) this.#ended.pop();
    for (let i = 0; i < this.#cpus.length; i++) clear(this.#cpus[i]);
    this.#runs = null;
  }

  /** The LWP's record. One that nobody announced comes after all that was. */
  actor(l: Lwp): Actor {
    return this.#actors[l.id] ?? this.#adopt(l);
  }

  #adopt(l: Lwp): Actor {
    const a = this.#add(l, this.#newSlot(), 1);
    for (const other of this.#actors) if (other && other !== a) this.follows(a, other);
    a.clock[a.slot] = a.epoch;
    return a;
  }

  #add(l: Lwp, slot: number, epoch: number): Actor {
    const at = this.#used++;
    let a: Actor;
    if (at < this.#pool.length) {
      a = this.#pool[at];
      a.lwp = l;
      clear(a.clock);
      while (a.held.length > 0) a.held.pop();
      while (a.heldShared.length > 0) a.heldShared.pop();
    } else {
      a = new Actor(l, this.#room);
      this.#pool.push(a);
    }
    a.wanted = null;
    a.slot = slot;
    a.epoch = epoch;
    a.clock[slot] = epoch;
    while (this.#actors.length <= l.id) this.#actors.push(null);
    this.#actors[l.id] = a;
    return a;
  }

  #newSlot(): number {
    if (this.#slots === this.#room) this.#grow();
    return this.#slots++;
  }

  #grow(): void {
    this.#room *= 2;
    for (const a of this.#pool) a.clock = grown(a.clock, this.#room);
    for (const s of this.syncs) {
      s.clock = grown(s.clock, this.#room);
      s.shared = grown(s.shared, this.#room);
    }
    for (let i = 0; i < this.#cpus.length; i++) this.#cpus[i] = grown(this.#cpus[i], this.#room);
  }

  /** The record of an object that orders LWPs, if it has one. */
  #known(object: object): Sync | undefined {
    if (this.syncCount > FEW) return this.#syncOf.get(object);
    const { syncs } = this;
    for (let i = this.syncCount - 1; i >= 0; i--) if (syncs[i].object === object) return syncs[i];
    return undefined;
  }

  /** The record of an object that orders LWPs. */
  sync(object: object): Sync {
    return this.#known(object) ?? this.#newSync(object);
  }

  #newSync(object: object): Sync {
    const index = this.syncCount++;
    let s: Sync;
    if (index < this.syncs.length) {
      s = this.syncs[index];
      s.object = object;
      clear(s.clock);
      if (s.wasShared) clear(s.shared);
      s.wasShared = false;
    } else {
      s = new Sync(object, index, this.#room);
      this.syncs.push(s);
    }
    if (index === FEW)
      for (let i = 0; i < index; i++) this.#syncOf.set(this.syncs[i].object, this.syncs[i]);
    if (index >= FEW) this.#syncOf.set(object, s);
    return s;
  }

  /** What `a` does from now on is no part of what it released. */
  advance(a: Actor): void {
    a.clock[a.slot] = ++a.epoch;
  }

  /** What `later` does from now on happens after what `earlier` did until now. */
  follows(later: Actor, earlier: Actor): void {
    join(later.clock, earlier.clock, this.#slots);
    this.advance(earlier);
  }

  override acquire(l: Lwp, object: object): void {
    const s = this.#known(object);
    if (s !== undefined) join(this.actor(l).clock, s.clock, this.#slots);
  }

  override release(l: Lwp, object: object): void {
    const a = this.actor(l);
    join(this.sync(object).clock, a.clock, this.#slots);
    this.advance(a);
  }

  override locked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const s = this.sync(lock);
    const shared = (lock as { owner?: unknown }).owner !== l;
    join(a.clock, s.clock, this.#slots);
    if (!shared && s.wasShared) join(a.clock, s.shared, this.#slots);
    a.held.push(s);
    a.heldShared.push(shared);
  }

  override unlocked(l: Lwp, lock: object): void {
    const a = this.actor(l);
    const s = this.sync(lock);
    const at = a.held.lastIndexOf(s);
    if (at < 0) return;
    if (a.heldShared[at]) {
      join(s.shared, a.clock, this.#slots);
      s.wasShared = true;
    } else join(s.clock, a.clock, this.#slots);
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
    } else a = this.#add(child, this.#newSlot(), 1);
    if (maker !== null) this.follows(a, maker);
    a.clock[a.slot] = a.epoch;
  }

  override joined(l: Lwp, ended: Lwp): void {
    const other = this.actor(ended);
    join(this.actor(l).clock, other.clock, this.#slots);
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
      join(this.#cpus[this.#runsOn], from.clock, this.#slots);
      this.advance(from);
    }
    while (this.#cpus.length <= cpu) this.#cpus.push(new Int32Array(this.#room));
    const a = this.actor(to);
    join(a.clock, this.#cpus[cpu], this.#slots);
    this.#runs = a;
    this.#runsOn = cpu;
  }
}

/** Takes a lock off the list of those held. */
export function drop(a: Actor, at: number): void {
  const last = a.held.length - 1;
  for (let i = at; i < last; i++) {
    a.held[i] = a.held[i + 1];
    a.heldShared[i] = a.heldShared[i + 1];
  }
  a.held.pop();
  a.heldShared.pop();
}
