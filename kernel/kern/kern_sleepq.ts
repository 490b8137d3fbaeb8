/**
 * Sleeping and waking. Follows NetBSD sys/kern/kern_sleepq.c and kern_synch.c.
 *
 * A sleep queue is an array of LWPs that belongs to the object slept on (a condition variable's
 * waiters, a lock's). sleepq_enter() puts the LWP there, sleepq_block() gives up the CPU, and
 * sleepq_remove() makes it runnable again with the reason in `sleepError`.
 *
 * Order    First in, first out; a strategy may choose another waiter for cv_signal.
 * Differs  A world is single-threaded, so there are no interlocks: everything between two
 *          scheduling points is atomic.
 */

import { hooks } from '../hooks.ts';
import { EV_MIGRATE, EV_SLEEP, EV_WAKEUP } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { curlwp, curworld } from '../world/current.ts';
import { chooseExpiry, FAULT_SIGNAL, fault } from '../world/fault.ts';
import { OP_NONE, OP_POINT, OP_WAKE } from '../world/op.ts';
import { sched_enqueue, sched_takecpu } from '../world/runq.ts';
import { askAtPoint, sched_changed } from '../world/schedule.ts';
import { raiseInterrupt, setTimerStop } from '../world/stops.ts';
import { tellQueue, tellWoken } from '../world/tell.ts';
import type { Timer } from '../world/timers.ts';
import { type Variable, WHOLE_OBJECT } from '../world/variable.ts';
import { type World, worldTimeNs } from '../world/world.ts';
import { EINTR, type Errno, EWOULDBLOCK } from './errno.ts';
import {
  type Lwp,
  LSONPROC,
  LSRUN,
  LSSLEEP,
  LW_CANCELLED,
  LW_PENDSIG,
  LW_SINTR,
  LW_WEXIT,
  PRI_SOFTINT,
} from './lwp.ts';
import { assert_sleepable } from './subr_lockdebug.ts';

/** Gives up the CPU. The LWP's state says whether it is to run again: mi_switch(9). */
export function* mi_switch(): Generator<void, void, void> {
  yield;
}

/**
 * A scheduling point that may give the CPU to another: preempt(9). The compiler puts its two lines
 * in place of the call, so this runs only in code that was not instrumented.
 */
export function* preempt(): Generator<void, void, void> {
  if (hooks.point(OP_POINT, null)) {
    hooks.takeYield();
    yield;
  }
}

/** Return to the program while others wait for its CPU: whether the LWP is to give it up. */
export function userret(l: Lwp): boolean {
  hooks.points++;
  return askAtPoint(curworld(), l.cpu, OP_NONE);
}

/** Makes an LWP runnable: setrunnable(9). A softint interrupts what its CPU runs. */
export function setrunnable(l: Lwp): void {
  tellWoken(l);
  const w = l.kernel.world;
  const cpu = sched_takecpu(w, l);
  if (cpu !== l.cpu) {
    trace(EV_MIGRATE, l.id, l.cpu.index, cpu.index);
    l.cpu = cpu;
  }
  l.stat = LSRUN;
  sched_enqueue(w, l);
  sched_changed(w);
  if (l.priority >= PRI_SOFTINT && cpu.curlwp !== null) raiseInterrupt(w);
}

/** Puts the running LWP on a queue; sleepq_block() must follow. `wmesg` is shown to people. */
export function sleepq_enter(sleepq: Lwp[], wchan: unknown, wmesg: string): void {
  const l = curlwp();
  sleepq.push(l);
  l.sleepq = sleepq;
  l.wchan = wchan;
  l.wmesg = wmesg;
  l.stat = LSSLEEP;
  l.sleepError = undefined;
  l.opKind = OP_WAKE;
  l.op = opOn(l, wchan);
  tellQueue(l);
}

/** What the LWP is about to look at again, when it is woken. */
function opOn(l: Lwp, wchan: unknown): Variable | null {
  const { variables } = l.kernel.world;
  if (variables === null || typeof wchan !== 'object' || wchan === null) return null;
  return variables.of(wchan, WHOLE_OBJECT, l);
}

/**
 * Sleeps until woken. `timeoutNs` 0 is for ever; `interruptible` lets signals end the sleep.
 * Errors: EINTR, EWOULDBLOCK when the time is over.
 */
export function* sleepq_block(
  timeoutNs: number,
  interruptible: 'interruptible' | 'uninterruptible',
): Generator<void, Errno | undefined, void> {
  const l = curlwp();
  const error = sleepq_ready(l, interruptible);
  if (error !== undefined) return error;
  const timer = timeoutNs > 0 ? armTimeout(l.kernel.world, l, timeoutNs) : null;
  yield* mi_switch();
  if (timer !== null) timer.cancelled = true;
  return sleepq_woken(l);
}

/**
 * What sleepq_block() does before it switches, for who sleeps without a generator of its own:
 *
 *   let error = sleepq_ready(l, 'interruptible');
 *   if (error === undefined) { yield* mi_switch(); error = sleepq_woken(l); }
 *
 * Errors: EINTR, and then it is on no queue any more.
 */
export function sleepq_ready(
  l: Lwp,
  interruptible: 'interruptible' | 'uninterruptible',
): Errno | undefined {
  if (l.spinLocks !== 0) assert_sleepable(l, l.wmesg ?? '');
  if (interruptible === 'interruptible') {
    if (sleepq_signalled(l) || interrupted(l)) {
      l.stat = LSONPROC;
      sleepq_remove(l, EINTR);
      return EINTR;
    }
    l.flag |= LW_SINTR;
  }
  if (tracing()) trace(EV_SLEEP, traceString(l.wmesg ?? ''));
  return undefined;
}

/** Whether this sleep is to be interrupted for no reason. */
function interrupted(l: Lwp): boolean {
  return l.kernel.config.faults !== 0 && fault(l.kernel, FAULT_SIGNAL, 1) !== 0;
}

/** How the sleep ended: what sleepq_block() answers. */
export function sleepq_woken(l: Lwp): Errno | undefined {
  l.flag &= ~LW_SINTR;
  return l.sleepError;
}

/** Whether a signal, cancellation or exit is pending that ends an interruptible sleep. */
export function sleepq_signalled(l: Lwp): boolean {
  return (l.flag & (LW_PENDSIG | LW_WEXIT | LW_CANCELLED)) !== 0;
}

function armTimeout(w: World, l: Lwp, timeoutNs: number): Timer {
  l.timeoutNs = worldTimeNs(w, hooks.icount) + timeoutNs;
  const timer = w.timers.add(l.timeoutNs, sleepq_timeout, l);
  setTimerStop(w);
  if (l.kernel.config.faults !== 0) chooseExpiry(l.kernel);
  return timer;
}

function sleepq_timeout(timer: Timer): void {
  const l = timer.arg as Lwp;
  if (l.stat === LSSLEEP) sleepq_remove(l, EWOULDBLOCK);
}

/** Wakes a sleeping LWP; `error` is what its sleep returns. */
export function sleepq_remove(l: Lwp, error: Errno | undefined): void {
  tellQueue(l);
  const sleepq = l.sleepq;
  if (sleepq !== null) {
    if (sleepq[0] === l) sleepq.shift();
    else sleepq.splice(sleepq.indexOf(l), 1);
  }
  l.sleepq = null;
  l.wchan = null;
  l.wmesg = null;
  l.timeoutNs = 0;
  l.waitsFor = null;
  l.sleepError = error;
  if (l.stat === LSSLEEP) {
    if (tracing()) trace(EV_WAKEUP, l.id);
    setrunnable(l);
  }
}

/** Wakes the first LWP of a queue; false when nobody slept there. */
export function sleepq_wakeone(sleepq: Lwp[]): boolean {
  if (sleepq.length === 0) return false;
  sleepq_remove(sleepq[0], undefined);
  return true;
}

/** Wakes everybody on a queue, first come first served. */
export function sleepq_wakeall(sleepq: Lwp[]): void {
  while (sleepq.length > 0) sleepq_remove(sleepq[0], undefined);
}

/** Ends an LWP's interruptible sleep with EINTR; nothing happens when it does not sleep so. */
export function sleepq_abort(l: Lwp): void {
  if (l.stat === LSSLEEP && (l.flag & LW_SINTR) !== 0) sleepq_remove(l, EINTR);
}

/** kpause(9): sleeps for a time, ns. Errors: EWOULDBLOCK as usual, EINTR. */
export function* kpause(
  wmesg: string,
  interruptible: 'interruptible' | 'uninterruptible',
  timeoutNs: number,
): Generator<void, Errno | undefined, void> {
  const l = curlwp();
  sleepq_enter([], l, wmesg);
  return yield* sleepq_block(timeoutNs, interruptible);
}
