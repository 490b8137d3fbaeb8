/**
 * Condition variables of a program: pthread_cond(3). Follows NetBSD lib/libpthread/pthread_cond.c.
 *
 * Order    First in, first out. No spurious wakeups; programs must not rely on that.
 */

import { EBUSY, EPERM, type Errno, ETIMEDOUT } from '../kern/errno.ts';
import { READ, WRITE } from '../accesses.ts';
import type { MaySleep } from '../maysleep.ts';
import { done } from '../hooks.ts';
import { curlwp } from '../world/current.ts';
import { tellTouched } from '../world/tell.ts';
import {
  type Deadline,
  parkUntilWoken,
  unpark,
  unparkAll,
  Waiter,
  wakeAll,
  wakeFirst,
} from './calls.ts';
import { type PthreadMutex, pthread_mutex_lock, pthread_mutex_unlock } from './mutex.ts';

/** pthread_cond_t. */
export class PthreadCond {
  name: string;
  waiters: Waiter[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** pthread_cond_init(3). */
export function pthread_cond_init(name = 'pthread_cond'): PthreadCond {
  return new PthreadCond(name);
}

/** pthread_cond_destroy(3). Errors: EBUSY. */
export function pthread_cond_destroy(c: PthreadCond): Errno | undefined {
  return c.waiters.length > 0 ? EBUSY : undefined;
}

/** pthread_cond_wait(3): gives up `m`, waits, takes it again. Errors: EPERM without the mutex. */
export function pthread_cond_wait(c: PthreadCond, m: PthreadMutex): MaySleep<Errno | undefined> {
  return wait(c, m, undefined);
}

/** pthread_cond_timedwait(3): to a time of the wall clock, ns. Errors: ETIMEDOUT, EPERM. */
export function pthread_cond_timedwait(
  c: PthreadCond,
  m: PthreadMutex,
  deadlineNs: number,
): MaySleep<Errno | undefined> {
  return wait(c, m, deadlineNs);
}

function* wait(
  c: PthreadCond,
  m: PthreadMutex,
  deadline: Deadline,
): Generator<void, Errno | undefined, void> {
  const l = curlwp();
  if (m.owner !== l) return EPERM;
  const waiter = new Waiter(l);
  c.waiters.push(waiter);
  tellTouched(c, WRITE);
  void (yield* pthread_mutex_unlock(m));
  const woken = yield* parkUntilWoken(waiter, c.waiters, c, deadline);
  const error = yield* pthread_mutex_lock(m);
  return woken ? error : ETIMEDOUT;
}

/** pthread_cond_signal(3): wakes one waiter, if there is one. */
export function pthread_cond_signal(c: PthreadCond): MaySleep<Errno | undefined> {
  tellTouched(c, c.waiters.length === 0 ? READ : WRITE);
  const waiter = wakeFirst(c.waiters);
  return waiter === undefined ? done(undefined) : unpark(waiter);
}

/** pthread_cond_broadcast(3): wakes everybody. */
export function pthread_cond_broadcast(c: PthreadCond): MaySleep<unknown> {
  tellTouched(c, c.waiters.length === 0 ? READ : WRITE);
  return c.waiters.length === 0 ? done(undefined) : unparkAll(wakeAll(c.waiters));
}
