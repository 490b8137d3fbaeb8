/**
 * System calls about time: clock_gettime(2), nanosleep(2). Follows NetBSD sys/kern/kern_time.c.
 *
 * Differs  A time is a number of nanoseconds, not a struct timespec. Sleeps are exact to the
 *          nanosecond of virtual time rather than to the clock tick.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { ownIcount } from '../world/schedule.ts';
import { NS_PER_COUNT } from '../world/world.ts';
import { EINTR, EINVAL, EPERM, type Errno } from './errno.ts';
import { kpause } from './kern_sleepq.ts';
import { nanotime, nanouptime, settime } from './kern_time.ts';
import type { Lwp } from './lwp.ts';
import { sysent } from './syscall.ts';

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 3;
export const CLOCK_THREAD_CPUTIME_ID = 0x20000000;
export const CLOCK_PROCESS_CPUTIME_ID = 0x40000000;

/** Where nanosleep(2) stores the time that an interrupted sleep had left. */
export interface Remaining {
  timeNs: number;
}

/** clock_gettime(2), ns. Errors: EINVAL. */
function sys_clock_gettime(l: Lwp, clock: number): MaySleep<number | Errno> {
  switch (clock) {
    case CLOCK_REALTIME:
      return done(nanotime());
    case CLOCK_MONOTONIC:
      return done(nanouptime());
    case CLOCK_THREAD_CPUTIME_ID:
      return done(cpuTime(l));
    case CLOCK_PROCESS_CPUTIME_ID:
      return done(l.proc.lwps.reduce((sum, other) => sum + cpuTime(other, l), 0));
    default:
      return done(EINVAL);
  }
}

/** The statements that an LWP has run, as ns; `running` is the one that runs now. */
function cpuTime(l: Lwp, running: Lwp = l): number {
  const counts = l === running ? ownIcount(l.kernel.world, l) : l.icount;
  return counts * NS_PER_COUNT;
}

/** clock_getres(2): a count. Errors: EINVAL. */
function sys_clock_getres(_l: Lwp, clock: number): MaySleep<number | Errno> {
  const clocks = [
    CLOCK_REALTIME,
    CLOCK_MONOTONIC,
    CLOCK_THREAD_CPUTIME_ID,
    CLOCK_PROCESS_CPUTIME_ID,
  ];
  return done(clocks.includes(clock) ? NS_PER_COUNT : EINVAL);
}

/** clock_settime(2): the wall clock. Errors: EPERM, EINVAL. */
function sys_clock_settime(l: Lwp, clock: number, timeNs: number): MaySleep<Errno | undefined> {
  if (clock !== CLOCK_REALTIME || !(timeNs >= 0) || timeNs === Infinity) return done(EINVAL);
  if (l.proc.cred.euid !== 0) return done(EPERM);
  settime(l.kernel, timeNs);
  return done(undefined);
}

/** nanosleep(2). Errors: EINVAL, EINTR with the time left in `remaining`. */
function* sys_nanosleep(
  _l: Lwp,
  timeNs: number,
  remaining?: Remaining,
): Generator<void, Errno | undefined, void> {
  if (!(timeNs >= 0) || timeNs === Infinity) return EINVAL;
  const start = nanouptime();
  const error = yield* kpause('nanoslp', 'interruptible', Math.max(1, timeNs));
  const left = error === EINTR ? Math.max(0, start + timeNs - nanouptime()) : 0;
  if (remaining !== undefined) remaining.timeNs = left;
  return error === EINTR ? EINTR : undefined;
}

export const timeSyscalls = {
  clock_gettime: sysent(427, sys_clock_gettime, ['number']),
  clock_settime: sysent(428, sys_clock_settime, ['number', 'number']),
  clock_getres: sysent(429, sys_clock_getres, ['number']),
  nanosleep: sysent(430, sys_nanosleep, ['number', 'object?']),
};
