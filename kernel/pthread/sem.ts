/**
 * Semaphores of a program: sem(3). Follows NetBSD lib/librt/sem.c.
 *
 * Order    Waiters contend again when they are woken, one a post, first come first served.
 */

import { EAGAIN, EBUSY, EINVAL, type Errno, ETIMEDOUT } from '../kern/errno.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { OP_ATOMIC } from '../world/op.ts';
import { tellAcquire, tellRelease } from '../world/tell.ts';
import { type Deadline, giveWay, parkUntilWoken, unpark, Waiter, wakeFirst } from './calls.ts';

/** sem_t. */
export class Sem {
  name: string;
  value: number;
  waiters: Waiter[] = [];

  constructor(value: number, name: string) {
    this.value = value;
    this.name = name;
  }
}

/** sem_init(3). Errors: EINVAL for a negative value. */
export function sem_init(value: number, name = 'sem'): Sem | Errno {
  return Number.isInteger(value) && value >= 0 ? new Sem(value, name) : EINVAL;
}

/** sem_destroy(3). Errors: EBUSY. */
export function sem_destroy(sem: Sem): Errno | undefined {
  return sem.waiters.length > 0 ? EBUSY : undefined;
}

/** sem_wait(3). */
export function sem_wait(sem: Sem): MaySleep<Errno | undefined> {
  return wait(sem, undefined);
}

/** sem_timedwait(3): to a time of the wall clock, ns. Errors: ETIMEDOUT. */
export function sem_timedwait(sem: Sem, deadlineNs: number): MaySleep<Errno | undefined> {
  return wait(sem, deadlineNs);
}

function* wait(sem: Sem, deadline: Deadline): Generator<void, Errno | undefined, void> {
  if (hooks.point(OP_ATOMIC, sem)) yield* giveWay();
  for (;;) {
    const waiter = takeOrQueue(sem);
    if (waiter === undefined) return undefined;
    if (!(yield* parkUntilWoken(waiter, sem.waiters, sem, deadline))) return ETIMEDOUT;
  }
}

function takeOrQueue(sem: Sem): Waiter | undefined {
  if (sem_trywait(sem) === undefined) return undefined;
  const waiter = new Waiter(curlwp());
  sem.waiters.push(waiter);
  return waiter;
}

/** sem_trywait(3). Errors: EAGAIN. */
export function sem_trywait(sem: Sem): Errno | undefined {
  if (sem.value === 0) return EAGAIN;
  tellAcquire(sem);
  sem.value--;
  return undefined;
}

/** sem_post(3). */
export function sem_post(sem: Sem): MaySleep<Errno | undefined> {
  tellRelease(sem);
  sem.value++;
  const waiter = wakeFirst(sem.waiters);
  return waiter === undefined ? done(undefined) : unpark(waiter);
}

/** sem_getvalue(3). */
export function sem_getvalue(sem: Sem): number {
  tellAcquire(sem);
  return sem.value;
}
