/**
 * System calls about LWPs: _lwp_create(2), _lwp_park(2) and friends; sched_yield(2). Follows
 * NetBSD sys/kern/sys_lwp.c and sys_sched.c.
 *
 * Differs  A new LWP begins at a function with one argument, not in a ucontext. _lwp_park takes a
 *          relative time in ns, 0 for ever, and its hint is any object of the program; one with a
 *          name is what people see the LWP wait for.
 */

import { READ, WRITE } from '../accesses.ts';
import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { OP_POINT } from '../world/op.ts';
import { runq_insert } from '../world/runq.ts';
import { tellAcquire, tellRelease, tellTouched } from '../world/tell.ts';
import {
  EALREADY,
  EBUSY,
  EDEADLK,
  EINVAL,
  ENAMETOOLONG,
  ENODEV,
  type Errno,
  ESRCH,
  ETIMEDOUT,
  EWOULDBLOCK,
  isErrno,
} from './errno.ts';
import {
  lwp_create,
  lwp_exit,
  lwp_find,
  lwp_free,
  lwp_resume,
  lwp_start,
  lwp_suspend,
  lwp_wait,
} from './kern_lwp.ts';
import { lwp_psignal } from './kern_sig.ts';
import {
  mi_switch,
  sleepq_abort,
  sleepq_block,
  sleepq_enter,
  sleepq_remove,
} from './kern_sleepq.ts';
import {
  type Lwp,
  LSRUN,
  LSSLEEP,
  LSSUSPENDED,
  LSZOMB,
  LW_DETACHED,
  LW_SINTR,
  LW_UNPARKED,
  LW_WSUSPEND,
} from './lwp.ts';
import type { Proc } from './proc.ts';
import { NSIG } from './signal.ts';
import { sysent } from './syscall.ts';

export const LWP_DETACHED = 0x40;
export const LWP_SUSPENDED = 0x80;

const MAXCOMLEN = 16;

/** Where an LWP of the program begins. */
export type ProgramStart = (arg: never) => MaySleep<unknown>;

/** _lwp_create(2): gives the new LWP's number. */
function sys__lwp_create(
  l: Lwp,
  start: ProgramStart,
  arg?: unknown,
  flags = 0,
  name = '',
): MaySleep<number | Errno> {
  if ((flags & ~(LWP_DETACHED | LWP_SUSPENDED)) !== 0) return done(EINVAL);
  const t = lwp_create(l.proc, start as (arg: unknown) => MaySleep<unknown>, arg, name);
  if (name === '') t.name = `${l.proc.name}/${t.lid}`;
  t.sigmask = l.sigmask;
  t.priority = l.priority;
  if ((flags & LWP_DETACHED) !== 0) t.flag |= LW_DETACHED;
  if ((flags & LWP_SUSPENDED) !== 0) t.stat = LSSUSPENDED;
  else lwp_start(t);
  return done(t.lid);
}

/** _lwp_exit(2): does not return; the last LWP ends the process. */
function sys__lwp_exit(l: Lwp): MaySleep<never> {
  return lwp_exit(l, undefined);
}

function sys__lwp_self(l: Lwp): MaySleep<number> {
  return done(l.lid);
}

/** _lwp_wait(2): 0 is any. Gives the number of the LWP. Errors: as lwp_wait(). */
function* sys__lwp_wait(l: Lwp, lid: number): Generator<void, number | Errno, void> {
  const other = yield* lwp_wait(l, lid);
  return isErrno(other) ? other : other.lid;
}

/** The living LWP of this number. */
function living(p: Proc, lid: number): Lwp | undefined {
  const t = lwp_find(p, lid);
  tellTouched(t?.exitWaiters ?? null, READ);
  return t === undefined || t.stat === LSZOMB ? undefined : t;
}

/** _lwp_detach(2). Errors: ESRCH, EINVAL when it is detached already. */
function sys__lwp_detach(l: Lwp, lid: number): MaySleep<Errno | undefined> {
  const t = lwp_find(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  if ((t.flag & LW_DETACHED) !== 0) return done(EINVAL);
  t.flag |= LW_DETACHED;
  if (t.stat === LSZOMB) lwp_free(l.kernel.world, t);
  return done(undefined);
}

/** _lwp_kill(2). Errors: EINVAL, ESRCH. */
function sys__lwp_kill(l: Lwp, lid: number, sig: number): MaySleep<Errno | undefined> {
  if (!Number.isInteger(sig) || sig < 0 || sig >= NSIG) return done(EINVAL);
  const t = living(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  if (sig !== 0) lwp_psignal(t, sig);
  return done(undefined);
}

/** _lwp_wakeup(2): ends an interruptible sleep. Errors: ESRCH, ENODEV awake, EBUSY otherwise. */
function sys__lwp_wakeup(l: Lwp, lid: number): MaySleep<Errno | undefined> {
  const t = living(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  if (t.stat !== LSSLEEP) return done(ENODEV);
  if ((t.flag & LW_SINTR) === 0) return done(EBUSY);
  sleepq_abort(t);
  return done(undefined);
}

/** _lwp_suspend(2). Errors: ESRCH, EDEADLK when no other LWP could go on. */
function sys__lwp_suspend(l: Lwp, lid: number): MaySleep<Errno | undefined> {
  const t = living(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  const others = l.proc.lwps.filter((o) => o !== t && o.stat !== LSZOMB && !suspended(o));
  return done(others.length === 0 ? EDEADLK : lwp_suspend(t));
}

function suspended(l: Lwp): boolean {
  return l.stat === LSSUSPENDED || (l.flag & LW_WSUSPEND) !== 0;
}

/** _lwp_continue(2). Errors: ESRCH. */
function sys__lwp_continue(l: Lwp, lid: number): MaySleep<Errno | undefined> {
  const t = living(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  lwp_resume(t);
  return done(undefined);
}

/**
 * _lwp_park(2): waits to be unparked, and first unparks LWP `unpark` if that is not 0.
 * Errors: EALREADY when it was unparked before, ETIMEDOUT, EINTR, ESRCH.
 */
function* sys__lwp_park(
  l: Lwp,
  timeoutNs = 0,
  unpark = 0,
  hint: unknown = null,
): Generator<void, Errno | undefined, void> {
  const at = park(l, timeoutNs, unpark, hint);
  if (at !== undefined) return at;
  const error = yield* sleepq_block(timeoutNs, 'interruptible');
  return error === EWOULDBLOCK ? ETIMEDOUT : error;
}

/** Queues to be unparked, unless it is not to sleep at all. */
function park(l: Lwp, timeoutNs: number, unpark: number, hint: unknown): Errno | undefined {
  if (unpark !== 0) {
    const error = lwp_unpark(l.proc, unpark);
    if (error !== undefined) return error;
  }
  tellTouched(l, WRITE);
  if ((l.flag & LW_UNPARKED) !== 0) {
    l.flag &= ~LW_UNPARKED;
    tellAcquire(l);
    return EALREADY;
  }
  if (timeoutNs < 0) return ETIMEDOUT;
  sleepq_enter(l.proc.parked, hint ?? l, hintName(hint));
  return undefined;
}

function hintName(hint: unknown): string {
  const name = (hint as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : 'parked';
}

/** lwp_unpark(): wakes a parked LWP, or lets its next park return at once. Errors: ESRCH. */
function lwp_unpark(p: Proc, lid: number): Errno | undefined {
  const t = living(p, lid);
  if (t === undefined) return ESRCH;
  tellTouched(t, WRITE);
  if (t.sleepq === p.parked) sleepq_remove(t, undefined);
  else {
    tellRelease(t);
    t.flag |= LW_UNPARKED;
  }
  return undefined;
}

/** _lwp_unpark(2). Errors: ESRCH. */
function sys__lwp_unpark(l: Lwp, lid: number, _hint?: unknown): MaySleep<Errno | undefined> {
  return done(lwp_unpark(l.proc, lid));
}

/** _lwp_unpark_all(2): those that are gone are passed over. */
function sys__lwp_unpark_all(l: Lwp, lids: readonly number[], _hint?: unknown): MaySleep<number> {
  for (const lid of lids) void lwp_unpark(l.proc, lid);
  return done(0);
}

/** _lwp_setname(2). Errors: ESRCH, ENAMETOOLONG. */
function sys__lwp_setname(l: Lwp, lid: number, name: string): MaySleep<Errno | undefined> {
  const t = living(l.proc, lid);
  if (t === undefined) return done(ESRCH);
  if (name.length >= MAXCOMLEN * 2) return done(ENAMETOOLONG);
  t.name = name;
  return done(undefined);
}

/** _lwp_getname(2). Errors: ESRCH. */
function sys__lwp_getname(l: Lwp, lid: number): MaySleep<string | Errno> {
  return done(living(l.proc, lid)?.name ?? ESRCH);
}

function sys__lwp_setprivate(l: Lwp, value: unknown): MaySleep<undefined> {
  l.private = value;
  return done(undefined);
}

function sys__lwp_getprivate(l: Lwp): MaySleep<unknown> {
  return done(l.private);
}

/** sched_yield(2): to the end of its CPU's run queue. */
function sys_sched_yield(l: Lwp): MaySleep<void> {
  return l.cpu.runq.length === 0 ? done(undefined) : yieldCpu(l);
}

function* yieldCpu(l: Lwp): Generator<void, void, void> {
  l.stat = LSRUN;
  l.opKind = OP_POINT;
  l.op = null;
  runq_insert(l.cpu, l, false);
  yield* mi_switch();
}

export const lwpSyscalls = {
  _lwp_create: sysent(309, sys__lwp_create, ['function', 'any?', 'number?', 'string?']),
  _lwp_exit: sysent(310, sys__lwp_exit, []),
  _lwp_self: sysent(311, sys__lwp_self, []),
  _lwp_wait: sysent(312, sys__lwp_wait, ['number']),
  _lwp_suspend: sysent(313, sys__lwp_suspend, ['number']),
  _lwp_continue: sysent(314, sys__lwp_continue, ['number']),
  _lwp_wakeup: sysent(315, sys__lwp_wakeup, ['number']),
  _lwp_getprivate: sysent(316, sys__lwp_getprivate, []),
  _lwp_setprivate: sysent(317, sys__lwp_setprivate, ['any']),
  _lwp_kill: sysent(318, sys__lwp_kill, ['number', 'number']),
  _lwp_detach: sysent(319, sys__lwp_detach, ['number']),
  _lwp_unpark: sysent(321, sys__lwp_unpark, ['number', 'any?']),
  _lwp_unpark_all: sysent(322, sys__lwp_unpark_all, ['array', 'any?']),
  _lwp_setname: sysent(323, sys__lwp_setname, ['number', 'string']),
  _lwp_getname: sysent(324, sys__lwp_getname, ['number']),
  _lwp_park: sysent(478, sys__lwp_park, ['number?', 'number?', 'any?']),
  sched_yield: sysent(350, sys_sched_yield, []),
};
