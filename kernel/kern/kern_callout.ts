/**
 * Functions to be called later: callout(9). Follows NetBSD sys/kern/kern_timeout.c.
 *
 * A timer of the world stands for each armed callout. When it fires, in the clock interrupt, the
 * callout joins the queue of its kernel and the softclock handler, a softint, calls its function
 * on the CPU where it was armed.
 *
 * Locking  Fields change between two scheduling points only, so callout_lock is not needed.
 * Order    Callouts of one tick run in the order in which they were armed.
 * Differs  Each has a timer, where NetBSD has a wheel. A function may sleep on adaptive mutexes.
 */

import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_CALLOUT } from '../trace/ring.ts';
import { trace, traceString } from '../trace/trace.ts';
import { curkernel, curlwp } from '../world/current.ts';
import { setTimerStop } from '../world/stops.ts';
import { tellAcquire, tellBoth, tellRelease } from '../world/tell.ts';
import type { Timer } from '../world/timers.ts';
import { chooseExpiry } from '../world/fault.ts';
import { worldTimeNs } from '../world/world.ts';
import type { Cpu } from './cpu.ts';
import type { Kernel } from './kernel.ts';
import { type KMutex, mutex_enter, mutex_exit, mutex_owned } from './kern_mutex.ts';
import { sleepq_block, sleepq_enter, sleepq_wakeall } from './kern_sleepq.ts';
import {
  SOFTINT_CLOCK,
  SOFTINT_MPSAFE,
  type Softhand,
  softint_establish,
  softint_schedule_cpu,
} from './kern_softint.ts';
import { TICK_NS } from './kern_time.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

/** Flag of callout_init(9): the function takes its own locks. */
export const CALLOUT_MPSAFE = 0x0100;

export const CALLOUT_PENDING = 0x0002;
export const CALLOUT_FIRED = 0x0004;
export const CALLOUT_INVOKING = 0x0008;

export type CalloutFunction<A> = (arg: A) => MaySleep<unknown>;

export class Callout {
  kernel: Kernel;
  flags = 0;
  func: CalloutFunction<never> | null = null;
  arg: unknown = undefined;
  /** The CPU it was armed on. */
  cpu: Cpu;
  timer: Timer | null = null;
  destroyed = false;

  constructor(kernel: Kernel, flags: number) {
    this.kernel = kernel;
    this.flags = flags;
    this.cpu = kernel.cpus[0];
  }
}

/** What a kernel knows of its callouts: struct callout_cpu, one for all CPUs. */
export class CalloutCpu {
  softclock: Softhand;
  /** Expired, and not called yet. */
  todo: Callout[] = [];
  /** Being called now, by which LWP. */
  active: { c: Callout; lwp: Lwp }[] = [];
  /** LWPs that wait in callout_halt(). */
  waiters: Lwp[] = [];

  constructor(softclock: Softhand) {
    this.softclock = softclock;
  }
}

function callout_cpu(k: Kernel): CalloutCpu {
  k.callouts ??= new CalloutCpu(
    softint_establish(k, SOFTINT_CLOCK | SOFTINT_MPSAFE, callout_softclock, k),
  );
  return k.callouts;
}

/** callout_init(9). */
export function callout_init(flags: number): Callout {
  const k = curkernel();
  callout_cpu(k);
  return new Callout(k, flags & CALLOUT_MPSAFE);
}

/** callout_setfunc(9). */
export function callout_setfunc<A>(c: Callout, func: CalloutFunction<A>, arg: A): void {
  c.func = func as CalloutFunction<never>;
  c.arg = arg;
}

/** callout_reset(9): arms it, anew if it was armed, to call func(arg) in `ticks` clock ticks. */
export function callout_reset<A>(
  c: Callout,
  ticks: number,
  func: CalloutFunction<A>,
  arg: A,
): void {
  callout_setfunc(c, func, arg);
  callout_schedule(c, ticks);
}

/** callout_schedule(9): arms it with the function that it has. At least one tick passes. */
export function callout_schedule(c: Callout, ticks: number): void {
  KASSERT(!c.destroyed, 'a callout is armed after it was destroyed');
  KASSERT(c.func !== null, 'a callout is armed before callout_setfunc()');
  const w = c.kernel.world;
  tellBoth(c);
  disarm(c);
  c.flags = (c.flags | CALLOUT_PENDING) & ~CALLOUT_FIRED;
  c.cpu = curlwp().cpu.kernel === c.kernel ? curlwp().cpu : c.kernel.cpus[0];
  const tick = Math.floor(worldTimeNs(w, hooks.icount) / TICK_NS) + Math.max(1, ticks);
  c.timer = w.timers.add(tick * TICK_NS, callout_hardclock, c);
  setTimerStop(w);
  if (c.kernel.config.faults !== 0) chooseExpiry(c.kernel);
}

function disarm(c: Callout): void {
  if (c.timer !== null) c.timer.cancelled = true;
  c.timer = null;
  const todo = c.kernel.callouts?.todo;
  const at = todo?.indexOf(c) ?? -1;
  if (todo !== undefined && at >= 0) todo.splice(at, 1);
}

/** In the clock interrupt: the callout's time has come. */
function callout_hardclock(timer: Timer): void {
  const c = timer.arg as Callout;
  const cc = callout_cpu(c.kernel);
  c.timer = null;
  cc.todo.push(c);
  softint_schedule_cpu(cc.softclock, c.cpu);
}

/** The softint: calls what has expired. */
function* callout_softclock(k: Kernel): Generator<void, void, void> {
  const cc = callout_cpu(k);
  for (let c = beginNext(cc); c !== undefined; c = beginNext(cc)) {
    if (c.func !== null) yield* c.func(c.arg as never);
    endCall(cc, c);
  }
}

/** Takes the first expired callout of this CPU off the queue, which is being called from now on. */
function beginNext(cc: CalloutCpu): Callout | undefined {
  const lwp = curlwp();
  const at = cc.todo.findIndex((candidate) => candidate.cpu === lwp.cpu);
  if (at < 0) return undefined;
  const [c] = cc.todo.splice(at, 1);
  tellAcquire(c);
  c.flags = (c.flags & ~CALLOUT_PENDING) | CALLOUT_FIRED | CALLOUT_INVOKING;
  cc.active.push({ c, lwp });
  trace(EV_CALLOUT, traceString(c.func?.name ?? ''));
  return c;
}

function endCall(cc: CalloutCpu, c: Callout): void {
  tellRelease(c);
  const lwp = curlwp();
  const at = cc.active.findIndex((entry) => entry.c === c && entry.lwp === lwp);
  cc.active.splice(at, 1);
  sleepq_wakeall(cc.waiters);
}

/** callout_stop(9): disarms it. True when it had expired already; it may run right now. */
export function callout_stop(c: Callout): boolean {
  tellBoth(c);
  disarm(c);
  const expired = (c.flags & CALLOUT_FIRED) !== 0;
  c.flags &= ~(CALLOUT_PENDING | CALLOUT_FIRED);
  return expired;
}

/**
 * callout_halt(9): disarms it, and waits until it does not run. True when it had expired already.
 * A mutex given is held on entry and return, and released while it waits.
 */
export function callout_halt(c: Callout, interlock: KMutex | null = null): MaySleep<boolean> {
  KASSERT(interlock === null || mutex_owned(interlock), 'callout_halt without its interlock');
  const expired = callout_stop(c);
  return runsElsewhere(c) ? callout_wait(c, interlock, expired) : done(expired);
}

function runsElsewhere(c: Callout): boolean {
  const active = c.kernel.callouts?.active ?? [];
  return active.some((entry) => entry.c === c && entry.lwp !== curlwp());
}

function* callout_wait(
  c: Callout,
  interlock: KMutex | null,
  expired: boolean,
): Generator<void, boolean, void> {
  while (queueUntilDone(c, interlock)) {
    yield* sleepq_block(0, 'uninterruptible');
    if (interlock !== null) yield* mutex_enter(interlock);
  }
  return expired;
}

/** Disarms it, as its function may have armed it again. Queues for the end of one that runs. */
function queueUntilDone(c: Callout, interlock: KMutex | null): boolean {
  callout_stop(c);
  if (!runsElsewhere(c)) return false;
  sleepq_enter(callout_cpu(c.kernel).waiters, c, 'callout');
  if (interlock !== null) mutex_exit(interlock);
  return true;
}

/** callout_destroy(9): it must be neither armed nor running. */
export function callout_destroy(c: Callout): void {
  KASSERT(!callout_pending(c), 'a callout is destroyed while it is pending');
  KASSERT(!runsElsewhere(c), 'a callout is destroyed while it runs');
  c.destroyed = true;
}

/** callout_pending(9): armed, and not called yet. */
export function callout_pending(c: Callout): boolean {
  tellAcquire(c);
  return (c.flags & CALLOUT_PENDING) !== 0;
}

/** callout_expired(9): called since it was last armed. */
export function callout_expired(c: Callout): boolean {
  tellAcquire(c);
  return (c.flags & CALLOUT_FIRED) !== 0;
}

/** callout_active(9). */
export function callout_active(c: Callout): boolean {
  tellAcquire(c);
  return (c.flags & (CALLOUT_PENDING | CALLOUT_FIRED)) !== 0;
}

/** callout_invoking(9): called, and callout_ack() not called since. */
export function callout_invoking(c: Callout): boolean {
  tellAcquire(c);
  return (c.flags & CALLOUT_INVOKING) !== 0;
}

/** callout_ack(9). */
export function callout_ack(c: Callout): void {
  tellBoth(c);
  c.flags &= ~CALLOUT_INVOKING;
}
