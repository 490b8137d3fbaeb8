/**
 * Readers/writer locks of a program: pthread_rwlock(3). Follows NetBSD
 * lib/libpthread/pthread_rwlock.c.
 *
 * Order    Readers wait while writers wait. A lock that becomes free wakes the first writer, or
 *          else all readers; who is woken contends again.
 */

import { EBUSY, EDEADLK, EPERM, type Errno, ETIMEDOUT } from '../kern/errno.ts';
import type { Lwp } from '../kern/lwp.ts';
import { deadlock_check } from '../kern/subr_lockdebug.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { OP_LOCK, OP_RDLOCK } from '../world/op.ts';
import { tellLocked, tellRelease, tellUnlocked, tellWants } from '../world/tell.ts';
import { type Deadline, giveWay, parkUntilWoken, unparkAll, Waiter, wakeAll } from './calls.ts';

/** pthread_rwlock_t. */
export class PthreadRwlock {
  name: string;
  owner: Lwp | null = null;
  readers: Lwp[] = [];
  waiters: Waiter[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** pthread_rwlock_init(3). */
export function pthread_rwlock_init(name = 'pthread_rwlock'): PthreadRwlock {
  return new PthreadRwlock(name);
}

/** pthread_rwlock_destroy(3). Errors: EBUSY. */
export function pthread_rwlock_destroy(rw: PthreadRwlock): Errno | undefined {
  return rw.owner !== null || rw.readers.length + rw.waiters.length > 0 ? EBUSY : undefined;
}

/** pthread_rwlock_rdlock(3). Errors: EDEADLK for the writer. */
export function pthread_rwlock_rdlock(rw: PthreadRwlock): MaySleep<Errno | undefined> {
  return lock(rw, 'read', undefined);
}

/** pthread_rwlock_wrlock(3). Errors: EDEADLK for the writer. */
export function pthread_rwlock_wrlock(rw: PthreadRwlock): MaySleep<Errno | undefined> {
  return lock(rw, 'write', undefined);
}

/** pthread_rwlock_timedrdlock(3): to a time of the wall clock, ns. Errors: ETIMEDOUT, EDEADLK. */
export function pthread_rwlock_timedrdlock(
  rw: PthreadRwlock,
  deadlineNs: number,
): MaySleep<Errno | undefined> {
  return lock(rw, 'read', deadlineNs);
}

/** pthread_rwlock_timedwrlock(3). Errors: ETIMEDOUT, EDEADLK. */
export function pthread_rwlock_timedwrlock(
  rw: PthreadRwlock,
  deadlineNs: number,
): MaySleep<Errno | undefined> {
  return lock(rw, 'write', deadlineNs);
}

type How = 'read' | 'write';

function* lock(
  rw: PthreadRwlock,
  how: How,
  deadline: Deadline,
): Generator<void, Errno | undefined, void> {
  const l = curlwp();
  if (rw.owner === l) return EDEADLK;
  if (hooks.point(how === 'write' ? OP_LOCK : OP_RDLOCK, rw)) yield* giveWay();
  for (;;) {
    const waiter = takeOrQueue(rw, how, l, deadline);
    if (waiter === undefined) return undefined;
    if (yield* parkUntilWoken(waiter, rw.waiters, rw, deadline)) continue;
    void (yield* unparkAll(wakeNext(rw)));
    return ETIMEDOUT;
  }
}

/** Takes the lock as a reader or writer if it can. */
function take(rw: PthreadRwlock, how: How, l: Lwp): boolean {
  if (rw.owner !== null) return false;
  if (how === 'write') {
    if (rw.readers.length > 0) return false;
    rw.owner = l;
  } else {
    if (rw.waiters.some((waiter) => waiter.writes)) return false;
    rw.readers.push(l);
  }
  tellLocked(l, rw);
  return true;
}

function takeOrQueue(rw: PthreadRwlock, how: How, l: Lwp, deadline: Deadline): Waiter | undefined {
  l.waitsFor = null;
  tellWants(l, rw);
  if (take(rw, how, l)) return undefined;
  const waiter = new Waiter(l, how === 'write');
  rw.waiters.push(waiter);
  if (deadline !== undefined) return waiter;
  l.waitsFor = rw;
  deadlock_check(l);
  return waiter;
}

/** pthread_rwlock_tryrdlock(3). Errors: EBUSY. */
export function pthread_rwlock_tryrdlock(rw: PthreadRwlock): Errno | undefined {
  return take(rw, 'read', curlwp()) ? undefined : EBUSY;
}

/** pthread_rwlock_trywrlock(3). Errors: EBUSY. */
export function pthread_rwlock_trywrlock(rw: PthreadRwlock): Errno | undefined {
  return take(rw, 'write', curlwp()) ? undefined : EBUSY;
}

/** pthread_rwlock_unlock(3). Errors: EPERM when the caller does not hold it. */
export function pthread_rwlock_unlock(rw: PthreadRwlock): MaySleep<unknown> {
  const l = curlwp();
  const at = rw.readers.indexOf(l);
  if (rw.owner === l || at >= 0) tellUnlocked(l, rw);
  if (rw.owner === l) rw.owner = null;
  else if (at >= 0) rw.readers.splice(at, 1);
  else return done(EPERM);
  return rw.waiters.length === 0 ? done(undefined) : unparkAll(wakeNext(rw));
}

/** Takes those who may have the lock as it is now off the queue, and marks them. */
function wakeNext(rw: PthreadRwlock): Waiter[] {
  if (rw.owner !== null) return [];
  const writer = rw.waiters.find((waiter) => waiter.writes);
  if (writer === undefined) return wakeAll(rw.waiters);
  if (rw.readers.length > 0) return [];
  rw.waiters.splice(rw.waiters.indexOf(writer), 1);
  tellRelease(writer);
  writer.woken = true;
  return [writer];
}
