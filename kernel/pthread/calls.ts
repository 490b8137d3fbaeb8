/**
 * The system calls that the thread library stands on, with their errors returned, and parking.
 *
 * A thread that has to wait puts a Waiter on the queue of what it waits for, in the same step in
 * which it finds that it has to, and parks. Whoever wakes it takes the Waiter off the queue, marks
 * it and unparks its LWP. An unpark that comes too early makes the next park return at once, so a
 * thread parks until its Waiter is marked, whatever park says.
 */

import { isErrno, type Errno, ETIMEDOUT } from '../kern/errno.ts';
import type { Lwp } from '../kern/lwp.ts';
import { mi_switch } from '../kern/kern_sleepq.ts';
import { CLOCK_REALTIME } from '../kern/sys_time.ts';
import { type Sysent, type SyscallFunction, syscall } from '../kern/syscall.ts';
import { kernSyscalls } from '../kern/syscalls.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { tellAcquire, tellRelease } from '../world/tell.ts';

/** One system call of this library. */
export function call<T>(name: keyof typeof kernSyscalls, ...args: readonly unknown[]): MaySleep<T> {
  const entry = kernSyscalls[name] as unknown as Sysent<SyscallFunction>;
  return syscall(name, entry, args, 'returned') as MaySleep<T>;
}

/** Gives up the CPU after hooks.point() asked for it. */
export function* giveWay(): Generator<void, void, void> {
  if (hooks.takeYield()) yield* mi_switch();
}

/** A thread that waits. */
export class Waiter {
  lwp: Lwp;
  woken = false;
  /** It waits to write, where that makes a difference. */
  writes: boolean;

  constructor(lwp: Lwp, writes = false) {
    this.lwp = lwp;
    this.writes = writes;
  }
}

/** A point in time of the wall clock, ns; undefined for never. */
export type Deadline = number | undefined;

/** Parks until `waiter` is woken. False when the time was over first; it is off the queue then. */
export function* parkUntilWoken(
  waiter: Waiter,
  queue: Waiter[],
  hint: unknown,
  deadline: Deadline,
): Generator<void, boolean, void> {
  const { waitsFor } = waiter.lwp;
  while (!waiter.woken) {
    waiter.lwp.waitsFor = waitsFor;
    const left = yield* timeLeft(deadline);
    const error = yield* call<Errno | undefined>('_lwp_park', left, 0, hint);
    if (error === ETIMEDOUT && giveUp(waiter, queue)) return false;
  }
  tellAcquire(waiter);
  return true;
}

/** The time for _lwp_park(2) to a deadline: negative when it is over, 0 for ever. */
function* timeLeft(deadline: Deadline): Generator<void, number, void> {
  if (deadline === undefined) return 0;
  const now = yield* call<number | Errno>('clock_gettime', CLOCK_REALTIME);
  if (isErrno(now)) return -1;
  return deadline > now ? deadline - now : -1;
}

/** Takes a waiter whose time is over off its queue; false when it was woken meanwhile. */
function giveUp(waiter: Waiter, queue: Waiter[]): boolean {
  if (waiter.woken) return false;
  const at = queue.indexOf(waiter);
  if (at >= 0) queue.splice(at, 1);
  return true;
}

/** Takes the first waiter off a queue and marks it; it has yet to be unparked. */
export function wakeFirst(queue: Waiter[]): Waiter | undefined {
  const waiter = queue.shift();
  if (waiter !== undefined) {
    tellRelease(waiter);
    waiter.woken = true;
  }
  return waiter;
}

/** Takes all waiters off a queue and marks them. */
export function wakeAll(queue: Waiter[]): Waiter[] {
  const waiters = queue.splice(0);
  for (const waiter of waiters) {
    tellRelease(waiter);
    waiter.woken = true;
  }
  return waiters;
}

/** Unparks the LWP of a marked waiter. */
export function unpark(waiter: Waiter): MaySleep<Errno | undefined> {
  return call('_lwp_unpark', waiter.lwp.lid);
}

/** Unparks the LWPs of marked waiters. */
export function unparkAll(waiters: readonly Waiter[]): MaySleep<Errno | number> {
  if (waiters.length === 0) return done(0);
  return call(
    '_lwp_unpark_all',
    waiters.map((waiter) => waiter.lwp.lid),
  );
}
