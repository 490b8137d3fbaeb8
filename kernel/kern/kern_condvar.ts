/**
 * Condition variables: condvar(9). Follows NetBSD sys/kern/kern_condvar.c.
 *
 * Locking  A cv is used with one mutex, held on entry to every function here.
 * Order    Waiters wake first-in first-out, unless the strategy picks another.
 */

import { READ, WRITE } from '../accesses.ts';
import { chooseAmong } from '../world/schedule.ts';
import { tellTouched } from '../world/tell.ts';
import type { Errno } from './errno.ts';
import { type KMutex, mutex_enter, mutex_exit } from './kern_mutex.ts';
import {
  mi_switch,
  sleepq_block,
  sleepq_enter,
  sleepq_ready,
  sleepq_remove,
  sleepq_wakeall,
  sleepq_woken,
} from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';
import { curlwp, curworld } from '../world/current.ts';

export class KCondvar {
  /** The message shown for an LWP that waits here. */
  wmesg: string;
  waiters: Lwp[] = [];

  constructor(wmesg: string) {
    this.wmesg = wmesg;
  }
}

/** cv_init(9). */
export function cv_init(wmesg: string): KCondvar {
  return new KCondvar(wmesg);
}

/** cv_destroy(9): nobody may wait on it. */
export function cv_destroy(cv: KCondvar): void {
  KASSERT(cv.waiters.length === 0, `condvar ${cv.wmesg} is destroyed while waited on`);
}

/** cv_wait(9): gives up `mtx`, waits, takes it again. */
export function* cv_wait(cv: KCondvar, mtx: KMutex): Generator<void, void, void> {
  const l = cv_enter(cv, mtx);
  void sleepq_ready(l, 'uninterruptible');
  yield* mi_switch();
  yield* mutex_enter(mtx);
}

/** cv_wait_sig(9). Errors: EINTR. */
export function* cv_wait_sig(cv: KCondvar, mtx: KMutex): Generator<void, Errno | undefined, void> {
  const l = cv_enter(cv, mtx);
  let error = sleepq_ready(l, 'interruptible');
  if (error === undefined) {
    yield* mi_switch();
    error = sleepq_woken(l);
  }
  yield* mutex_enter(mtx);
  return error;
}

/** cv_timedwait(9), `timeoutNs` > 0. Errors: EWOULDBLOCK. */
export function cv_timedwait(
  cv: KCondvar,
  mtx: KMutex,
  timeoutNs: number,
): Generator<void, Errno | undefined, void> {
  return timedwait(cv, mtx, timeoutNs, 'uninterruptible');
}

/** cv_timedwait_sig(9), `timeoutNs` > 0. Errors: EWOULDBLOCK, EINTR. */
export function cv_timedwait_sig(
  cv: KCondvar,
  mtx: KMutex,
  timeoutNs: number,
): Generator<void, Errno | undefined, void> {
  return timedwait(cv, mtx, timeoutNs, 'interruptible');
}

function* timedwait(
  cv: KCondvar,
  mtx: KMutex,
  timeoutNs: number,
  interruptible: 'interruptible' | 'uninterruptible',
): Generator<void, Errno | undefined, void> {
  cv_enter(cv, mtx);
  const error = yield* sleepq_block(timeoutNs, interruptible);
  yield* mutex_enter(mtx);
  return error;
}

/** Queues the running LWP, gives up the mutex, and gives the LWP, which has to sleep now. */
function cv_enter(cv: KCondvar, mtx: KMutex): Lwp {
  const l = curlwp();
  KASSERT(mtx.owner === l, `cv_wait on ${cv.wmesg} without its mutex ${mtx.name}`);
  sleepq_enter(cv.waiters, cv, cv.wmesg);
  mutex_exit(mtx);
  return l;
}

/** cv_signal(9): wakes one waiter, if there is one. */
export function cv_signal(cv: KCondvar): void {
  const waiters = cv.waiters;
  tellTouched(cv, waiters.length === 0 ? READ : WRITE);
  if (waiters.length === 0) return;
  sleepq_remove(waiters[chooseAmong(curworld(), 'waiter', waiters.length)], undefined);
}

/** cv_broadcast(9): wakes everybody. */
export function cv_broadcast(cv: KCondvar): void {
  tellTouched(cv, cv.waiters.length === 0 ? READ : WRITE);
  sleepq_wakeall(cv.waiters);
}

/** cv_has_waiters(9). */
export function cv_has_waiters(cv: KCondvar): boolean {
  return cv.waiters.length > 0;
}
