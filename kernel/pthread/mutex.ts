/**
 * Mutexes of a program: pthread_mutex(3). Follows NetBSD lib/libpthread/pthread_mutex.c.
 *
 * Order    Waiters contend again when they are woken, one an unlock, first come first served.
 * Differs  A thread that waits says for which mutex (lwp.waitsFor), so that a deadlock is found
 *          when its last edge is made; a timed wait does not count.
 */

import { EBUSY, EDEADLK, EINVAL, EPERM, type Errno, ETIMEDOUT } from '../kern/errno.ts';
import type { Lwp } from '../kern/lwp.ts';
import { deadlock_check } from '../kern/subr_lockdebug.ts';
import { READ } from '../accesses.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { OP_LOCK } from '../world/op.ts';
import { tellLocked, tellTouched, tellUnlocked, tellWants } from '../world/tell.ts';
import { type Deadline, giveWay, parkUntilWoken, unpark, Waiter, wakeFirst } from './calls.ts';

export const PTHREAD_MUTEX_NORMAL = 0;
export const PTHREAD_MUTEX_ERRORCHECK = 1;
export const PTHREAD_MUTEX_RECURSIVE = 2;
export type PthreadMutexType = 0 | 1 | 2;

/** pthread_mutex_t. */
export class PthreadMutex {
  name: string;
  type: PthreadMutexType;
  owner: Lwp | null = null;
  /** Locks of the owner beyond its first. */
  recursion = 0;
  waiters: Waiter[] = [];
  destroyed = false;

  constructor(name: string, type: PthreadMutexType) {
    this.name = name;
    this.type = type;
  }
}

/** pthread_mutex_init(3); `name` is what people see of it. */
export function pthread_mutex_init(
  name = 'pthread_mutex',
  type: PthreadMutexType = PTHREAD_MUTEX_NORMAL,
): PthreadMutex {
  return new PthreadMutex(name, type);
}

/** pthread_mutex_destroy(3). Errors: EBUSY. */
export function pthread_mutex_destroy(m: PthreadMutex): Errno | undefined {
  if (m.owner !== null || m.waiters.length > 0) return EBUSY;
  m.destroyed = true;
  return undefined;
}

/** pthread_mutex_lock(3). Errors: EDEADLK, EINVAL destroyed. */
export function pthread_mutex_lock(m: PthreadMutex): MaySleep<Errno | undefined> {
  return lock(m, undefined);
}

/** pthread_mutex_timedlock(3): to a time of the wall clock, ns. Errors: ETIMEDOUT, EDEADLK. */
export function pthread_mutex_timedlock(
  m: PthreadMutex,
  deadlineNs: number,
): MaySleep<Errno | undefined> {
  return lock(m, deadlineNs);
}

function* lock(m: PthreadMutex, deadline: Deadline): Generator<void, Errno | undefined, void> {
  const l = curlwp();
  if (m.destroyed) return EINVAL;
  if (hooks.point(OP_LOCK, m)) yield* giveWay();
  if (m.owner === l && m.type !== PTHREAD_MUTEX_NORMAL) return relock(m);
  for (;;) {
    const waiter = takeOrQueue(m, l, deadline);
    if (waiter === undefined) return undefined;
    if (!(yield* parkUntilWoken(waiter, m.waiters, m, deadline))) return ETIMEDOUT;
  }
}

function relock(m: PthreadMutex): Errno | undefined {
  if (m.type === PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  m.recursion++;
  return undefined;
}

/** Takes a free mutex, or queues for it. */
function takeOrQueue(m: PthreadMutex, l: Lwp, deadline: Deadline): Waiter | undefined {
  l.waitsFor = null;
  tellWants(l, m);
  if (m.owner === null) {
    m.owner = l;
    tellLocked(l, m);
    return undefined;
  }
  const waiter = new Waiter(l);
  m.waiters.push(waiter);
  if (deadline !== undefined) return waiter;
  l.waitsFor = m;
  deadlock_check(l);
  return waiter;
}

/** pthread_mutex_trylock(3). Errors: EBUSY. */
export function pthread_mutex_trylock(m: PthreadMutex): Errno | undefined {
  const l = curlwp();
  if (m.owner === l && m.type === PTHREAD_MUTEX_RECURSIVE) return relock(m);
  tellTouched(m, READ);
  if (m.owner !== null) return EBUSY;
  m.owner = l;
  tellLocked(l, m);
  return undefined;
}

/** pthread_mutex_unlock(3). Errors: EPERM when the caller does not own it. */
export function pthread_mutex_unlock(m: PthreadMutex): MaySleep<Errno | undefined> {
  if (m.owner !== curlwp()) return done(EPERM);
  if (m.recursion > 0) m.recursion--;
  else {
    tellUnlocked(m.owner, m);
    m.owner = null;
    const waiter = wakeFirst(m.waiters);
    if (waiter !== undefined) return unpark(waiter);
  }
  return done(undefined);
}
