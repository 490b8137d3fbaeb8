/**
 * Readers/writer locks: rwlock(9). Follows NetBSD sys/kern/kern_rwlock.c.
 *
 * Taking one is a scheduling point even when it is free. The free case makes no generator; the
 * other is rw_vector_enter(), as in NetBSD.
 *
 * Order    A reader waits while a writer holds the lock or waits for it. The last reader to leave
 *          hands the lock to the longest waiting writer; a writer that leaves hands it to all
 *          waiting readers, or else to the next writer. So neither side starves.
 * Differs  A waiter blocks where NetBSD would spin on a running owner. Readers are known by name,
 *          which NetBSD's count cannot do: that is how a deadlock among readers is found.
 */

import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_LOCK_ACQUIRE, EV_LOCK_RELEASE, EV_LOCK_WAIT } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { curlwp } from '../world/current.ts';
import { OP_LOCK, OP_RDLOCK, type OpKind } from '../world/op.ts';
import { tellLocked, tellUnlocked, tellWants } from '../world/tell.ts';
import { mi_switch, sleepq_block, sleepq_enter, sleepq_remove } from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import {
  assert_sleepable,
  deadlock_check,
  lockdebug_locked,
  lockdebug_unlocked,
} from './subr_lockdebug.ts';
import { KASSERT } from './subr_prf.ts';

export const RW_READER = 0;
export const RW_WRITER = 1;
export type RwOp = 0 | 1;

export class KRwlock {
  name: string;
  /** The writer that holds it. */
  owner: Lwp | null = null;
  /** The readers that hold it. */
  readers: Lwp[] = [];
  waitingReaders: Lwp[] = [];
  waitingWriters: Lwp[] = [];
  destroyed = false;

  constructor(name: string) {
    this.name = name;
  }
}

/** rw_obj_alloc(9); `name` is what people see of it. */
export function rw_obj_alloc(name: string): KRwlock {
  return new KRwlock(name);
}

/** rw_init(9): makes a destroyed lock usable again. */
export function rw_init(rw: KRwlock): void {
  KASSERT(rw.destroyed, `rwlock ${rw.name} is initialised twice`);
  rw.destroyed = false;
}

/** rw_destroy(9): it must be free. */
export function rw_destroy(rw: KRwlock): void {
  KASSERT(!rw.destroyed, `rwlock ${rw.name} is destroyed twice`);
  KASSERT(!rw_lock_held(rw), `rwlock ${rw.name} is destroyed while held`);
  KASSERT(!hasWaiters(rw), `rwlock ${rw.name} is destroyed while waited for`);
  rw.destroyed = true;
}

/** rw_enter(9). Sleeps while others hold it in the way. */
export function rw_enter(rw: KRwlock, op: RwOp): MaySleep<void> {
  if (hooks.point(rw_op(op), rw) || !mayEnter(rw, op) || rw.destroyed)
    return rw_vector_enter(rw, op);
  tellWants(curlwp(), rw);
  acquired(rw, op, curlwp());
  return done(undefined);
}

/** The operation that rw_enter() is at a scheduling point. */
export function rw_op(op: RwOp): OpKind {
  return op === RW_READER ? OP_RDLOCK : OP_LOCK;
}

function mayEnter(rw: KRwlock, op: RwOp): boolean {
  if (rw.owner !== null) return false;
  return op === RW_READER ? rw.waitingWriters.length === 0 : rw.readers.length === 0;
}

/** The slow path: give way if asked to, then block until the lock is free or was handed over. */
function* rw_vector_enter(rw: KRwlock, op: RwOp): Generator<void, void, void> {
  const l = curlwp();
  if (hooks.takeYield()) yield* mi_switch();
  if (takeOrQueue(rw, op, l)) return;
  do yield* sleepq_block(0, 'uninterruptible');
  while (!handedOver(rw, op, l));
  noteAcquired(rw, op, l);
}

/** Takes the lock, or queues for it. Plain, so that nobody can come between look and leap. */
function takeOrQueue(rw: KRwlock, op: RwOp, l: Lwp): boolean {
  KASSERT(!rw.destroyed, `rwlock ${rw.name} is used after it was destroyed`);
  tellWants(l, rw);
  if (mayEnter(rw, op)) {
    acquired(rw, op, l);
    return true;
  }
  KASSERT(rw.owner !== l, `locking against myself: rwlock ${rw.name}`);
  const recursive =
    op === RW_WRITER ? 'reads it and wants to write' : 'reads it while writers wait';
  KASSERT(!rw.readers.includes(l), `locking against myself: rwlock ${rw.name}: LWP ${recursive}`);
  if (tracing()) trace(EV_LOCK_WAIT, traceString(rw.name));
  sleepq_enter(op === RW_READER ? rw.waitingReaders : rw.waitingWriters, rw, rw.name);
  l.waitsFor = rw;
  deadlock_check(l);
  return false;
}

function handedOver(rw: KRwlock, op: RwOp, l: Lwp): boolean {
  return op === RW_READER ? rw.readers.includes(l) : rw.owner === l;
}

function acquired(rw: KRwlock, op: RwOp, l: Lwp): void {
  if (op === RW_READER) rw.readers.push(l);
  else rw.owner = l;
  if (l.spinLocks !== 0) assert_sleepable(l, rw.name);
  noteAcquired(rw, op, l);
}

function noteAcquired(rw: KRwlock, op: RwOp, l: Lwp): void {
  lockdebug_locked(l, rw);
  if (tracing()) trace(EV_LOCK_ACQUIRE, traceString(rw.name), op);
}

/** rw_tryenter(9): takes it if that needs no waiting. Written out: every path name needs a few. */
export function rw_tryenter(rw: KRwlock, op: RwOp): boolean {
  if (rw.owner !== null || rw.destroyed) return unavailable(rw);
  const l = curlwp();
  if (op === RW_READER) {
    if (rw.waitingWriters.length !== 0) return false;
    rw.readers.push(l);
  } else {
    if (rw.readers.length !== 0) return false;
    rw.owner = l;
  }
  if (l.spinLocks !== 0) assert_sleepable(l, rw.name);
  if (l.kernel.config.lockdebug) lockdebug_locked(l, rw);
  if (tracing()) trace(EV_LOCK_ACQUIRE, traceString(rw.name), op);
  return true;
}

function unavailable(rw: KRwlock): false {
  KASSERT(!rw.destroyed, `rwlock ${rw.name} is used after it was destroyed`);
  return false;
}

/** rw_exit(9). */
export function rw_exit(rw: KRwlock): void {
  const l = curlwp();
  const op = rw.owner === l ? RW_WRITER : RW_READER;
  if (op === RW_WRITER) rw.owner = null;
  else if (rw.readers.length === 1 && rw.readers[0] === l) rw.readers.pop();
  else removeReader(rw, l);
  if (l.kernel.config.lockdebug) lockdebug_unlocked(l, rw);
  if (tracing()) trace(EV_LOCK_RELEASE, traceString(rw.name), op);
  if (rw.waitingReaders.length !== 0 || rw.waitingWriters.length !== 0) handOver(rw, op);
}

function removeReader(rw: KRwlock, l: Lwp): void {
  const readers = rw.readers;
  const at = readers.lastIndexOf(l);
  KASSERT(at >= 0, `rwlock ${rw.name} is released by LWP ${l.id}, which does not hold it`);
  readers.splice(at, 1);
}

/** Gives a lock that somebody left as `left` to those who wait. */
function handOver(rw: KRwlock, left: RwOp): void {
  if (rw.owner !== null || rw.readers.length > 0) return;
  const writer = rw.waitingWriters[0];
  if (writer !== undefined && (left === RW_READER || rw.waitingReaders.length === 0)) {
    rw.owner = writer;
    sleepq_remove(writer, undefined);
  } else admitReaders(rw);
}

function admitReaders(rw: KRwlock): void {
  for (let l = rw.waitingReaders[0]; l !== undefined; l = rw.waitingReaders[0]) {
    rw.readers.push(l);
    sleepq_remove(l, undefined);
  }
}

/** rw_tryupgrade(9): from the only reader to the writer; false when there are other readers. */
export function rw_tryupgrade(rw: KRwlock): boolean {
  const l = curlwp();
  KASSERT(rw.readers.includes(l), `rwlock ${rw.name} is upgraded by LWP ${l.id}, no reader of it`);
  if (rw.readers.length !== 1) return false;
  tellUnlocked(l, rw);
  rw.readers.pop();
  rw.owner = l;
  tellLocked(l, rw);
  return true;
}

/** rw_downgrade(9): from the writer to a reader; readers that wait come in unless writers wait. */
export function rw_downgrade(rw: KRwlock): void {
  const l = curlwp();
  KASSERT(rw.owner === l, `rwlock ${rw.name} is downgraded by LWP ${l.id}, not its writer`);
  tellUnlocked(l, rw);
  rw.owner = null;
  rw.readers.push(l);
  tellLocked(l, rw);
  if (rw.waitingWriters.length === 0) admitReaders(rw);
}

/** rw_read_held(9): whether the running LWP reads it. */
export function rw_read_held(rw: KRwlock): boolean {
  return rw.readers.includes(curlwp());
}

/** rw_write_held(9): whether the running LWP is its writer. */
export function rw_write_held(rw: KRwlock): boolean {
  return rw.owner === curlwp();
}

/** rw_lock_held(9): whether anybody holds it. */
export function rw_lock_held(rw: KRwlock): boolean {
  return rw.owner !== null || rw.readers.length > 0;
}

function hasWaiters(rw: KRwlock): boolean {
  return rw.waitingReaders.length > 0 || rw.waitingWriters.length > 0;
}
