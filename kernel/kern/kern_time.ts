/**
 * Time: timecounter(9), time_second(9), and the conversions of hz(9). Follows NetBSD
 * sys/kern/kern_tc.c and subr_time.c.
 *
 * Uptime is the world's virtual time. The wall clock is the host's at boot plus the uptime: the
 * host is asked once, when somebody first wants to know, so that a recording holds one answer.
 *
 * Differs  A time is a number of nanoseconds, as everywhere here. The wall clock's numbers are
 *          beyond 2^53, so they are multiples of 256 ns.
 */

import { hooks } from '../hooks.ts';
import { hypercall_clock } from '../rumpuser/hypercall.ts';
import { curkernel, curworld } from '../world/current.ts';
import { worldTimeNs } from '../world/world.ts';
import type { Kernel } from './kernel.ts';

/** Clock ticks a second. */
export const hz = 100;
/** Nanoseconds a clock tick. */
export const TICK_NS = 1e9 / hz;

export class Timecounter {
  /** The wall clock's time at uptime 0, ns since 1970. */
  bootNs: number;

  constructor(bootNs: number) {
    this.bootNs = bootNs;
  }
}

function timecounter(k: Kernel): Timecounter {
  k.time ??= new Timecounter(hypercall_clock(k.world));
  return k.time;
}

/** nanouptime(9): time since boot, ns. */
export function nanouptime(): number {
  return worldTimeNs(curworld(), hooks.icount);
}

/** nanotime(9): the wall clock, ns since 1970. */
export function nanotime(): number {
  const k = curkernel();
  const { bootNs } = k.time ?? timecounter(k);
  return bootNs + worldTimeNs(k.world, hooks.icount);
}

/** getnanotime(9): the wall clock at the last clock tick, ns since 1970. */
export function getnanotime(): number {
  const k = curkernel();
  const { bootNs } = k.time ?? timecounter(k);
  return bootNs + Math.floor(worldTimeNs(k.world, hooks.icount) / TICK_NS) * TICK_NS;
}

/** getnanouptime(9): the uptime at the last clock tick, ns. */
export function getnanouptime(): number {
  return hardclock_ticks() * TICK_NS;
}

/** Clock ticks since boot. */
export function hardclock_ticks(): number {
  return Math.floor(nanouptime() / TICK_NS);
}

/** settime(9): moves the wall clock; the uptime goes on as before. */
export function settime(k: Kernel, timeNs: number): void {
  timecounter(k).bootNs = timeNs - nanouptime();
}

/** The wall clock's time at boot, ns since 1970: kern.boottime. */
export function boottime(k: Kernel): number {
  return timecounter(k).bootNs;
}

/** mstohz(9): milliseconds as clock ticks, rounded up. */
export function mstohz(ms: number): number {
  return Math.ceil((ms * hz) / 1000);
}

/** hztoms(9): clock ticks as milliseconds. */
export function hztoms(ticks: number): number {
  return Math.floor((ticks * 1000) / hz);
}
