/**
 * Mutexes: mutex(9). Follows NetBSD sys/kern/kern_mutex.c.
 *
 * Taking one is a scheduling point even when it is free. The free case makes no generator; the
 * other is mutex_vector_enter(), as in NetBSD.
 *
 * Order    Waiters contend again after a release, in the order in which they came.
 * Differs  An adaptive mutex blocks where NetBSD would spin on a running owner: on virtual CPUs
 *          both mean "others run until it is free". A spin mutex has no interrupt level of its own:
 *          no softint runs on a CPU whose LWP holds one.
 */

import { READ } from '../accesses.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_LOCK_ACQUIRE, EV_LOCK_RELEASE, EV_LOCK_WAIT } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { curlwp } from '../world/current.ts';
import { OP_LOCK } from '../world/op.ts';
import { tellTouched, tellWants } from '../world/tell.ts';
import {
  assert_sleepable,
  deadlock_check,
  lockdebug_locked,
  lockdebug_unlocked,
} from './subr_lockdebug.ts';
import { mi_switch, sleepq_block, sleepq_enter, sleepq_wakeall } from './kern_sleepq.ts';
import { softint_unblock } from './kern_softint.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

export const MUTEX_DEFAULT = 0;
export const MUTEX_SPIN = 1;
export type MutexType = 0 | 1;

export class KMutex {
  name: string;
  type: MutexType;
  owner: Lwp | null = null;
  waiters: Lwp[] = [];
  destroyed = false;

  constructor(name: string, type: MutexType) {
    this.name = name;
    this.type = type;
  }
}

/** mutex_obj_alloc(9); `name` is what people see of it. */
export function mutex_obj_alloc(type: MutexType, name: string): KMutex {
  return new KMutex(name, type);
}

/** mutex_init(9): makes a destroyed mutex usable again. */
export function mutex_init(mtx: KMutex, type: MutexType): void {
  KASSERT(mtx.destroyed, `mutex ${mtx.name} is initialised twice`);
  mtx.type = type;
  mtx.destroyed = false;
}

/** mutex_destroy(9): it must be free. */
export function mutex_destroy(mtx: KMutex): void {
  KASSERT(!mtx.destroyed, `mutex ${mtx.name} is destroyed twice`);
  KASSERT(mtx.owner === null, `mutex ${mtx.name} is destroyed while held`);
  KASSERT(mtx.waiters.length === 0, `mutex ${mtx.name} is destroyed while waited for`);
  mtx.destroyed = true;
}

/** mutex_enter(9). Sleeps while another holds it. Written out: everything needs a few. */
export function mutex_enter(mtx: KMutex): MaySleep<void> {
  if (hooks.point(OP_LOCK, mtx) || mtx.owner !== null || mtx.destroyed)
    return mutex_vector_enter(mtx);
  const l = curlwp();
  tellWants(l, mtx);
  mtx.owner = l;
  if (mtx.type === MUTEX_SPIN) l.spinLocks++;
  else if (l.spinLocks !== 0) assert_sleepable(l, mtx.name);
  if (l.kernel.config.lockdebug) lockdebug_locked(l, mtx);
  if (tracing()) trace(EV_LOCK_ACQUIRE, traceString(mtx.name));
  return done(undefined);
}

/** The slow path: give way if asked to, then block until it is free. */
function* mutex_vector_enter(mtx: KMutex): Generator<void, void, void> {
  const l = curlwp();
  KASSERT(mtx.owner !== l, `locking against myself: mutex ${mtx.name}`);
  if (hooks.takeYield()) yield* mi_switch();
  KASSERT(!mtx.destroyed, `mutex ${mtx.name} is used after it was destroyed`);
  while (!takeOrQueue(mtx, l)) {
    if (mtx.type === MUTEX_SPIN) yield* mi_switch();
    else yield* sleepq_block(0, 'uninterruptible');
  }
}

/** Takes a free mutex, or queues for it. Plain, so that nobody can come between look and leap. */
function takeOrQueue(mtx: KMutex, l: Lwp): boolean {
  tellWants(l, mtx);
  if (mtx.owner === null) {
    acquired(mtx, l);
    return true;
  }
  if (tracing()) trace(EV_LOCK_WAIT, traceString(mtx.name));
  sleepq_enter(mtx.waiters, mtx, mtx.name);
  l.waitsFor = mtx;
  deadlock_check(l);
  return false;
}

function acquired(mtx: KMutex, l: Lwp): void {
  mtx.owner = l;
  if (mtx.type === MUTEX_SPIN) l.spinLocks++;
  else if (l.spinLocks !== 0) assert_sleepable(l, mtx.name);
  if (l.kernel.config.lockdebug) lockdebug_locked(l, mtx);
  if (tracing()) trace(EV_LOCK_ACQUIRE, traceString(mtx.name));
}

/** mutex_tryenter(9): takes it if that needs no waiting. */
export function mutex_tryenter(mtx: KMutex): boolean {
  KASSERT(!mtx.destroyed, `mutex ${mtx.name} is used after it was destroyed`);
  tellTouched(mtx, READ);
  if (mtx.owner !== null) return false;
  acquired(mtx, curlwp());
  return true;
}

/** mutex_exit(9). */
export function mutex_exit(mtx: KMutex): void {
  const l = curlwp();
  if (mtx.owner !== l) foreign(mtx, l);
  if (mtx.type === MUTEX_SPIN && --l.spinLocks === 0) softint_unblock(l.cpu);
  mtx.owner = null;
  if (l.kernel.config.lockdebug) lockdebug_unlocked(l, mtx);
  if (tracing()) trace(EV_LOCK_RELEASE, traceString(mtx.name));
  if (mtx.waiters.length > 0) sleepq_wakeall(mtx.waiters);
}

/** Apart, because on the way out of every lock the sentence is not worth making. */
function foreign(mtx: KMutex, l: Lwp): void {
  KASSERT(false, `mutex ${mtx.name} is released by LWP ${l.id}, which does not hold it`);
}

/** mutex_owned(9): whether the running LWP holds it. */
export function mutex_owned(mtx: KMutex): boolean {
  return mtx.owner === curlwp();
}
