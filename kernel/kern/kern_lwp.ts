/**
 * Making and ending LWPs: lwp(9). Follows NetBSD sys/kern/kern_lwp.c.
 *
 * An LWP ends when its start function returns or lwp_exit() is called, at any depth. The last LWP
 * of a process ends the process. It stays a zombie until somebody waits for it, unless detached.
 */

import { READ, WRITE } from '../accesses.ts';
import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_LWP_CREATE, EV_LWP_EXIT } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { current } from '../world/current.ts';
import { conclude } from '../world/outcome.ts';
import { sched_dequeue } from '../world/runq.ts';
import {
  tellCreated,
  tellExited,
  tellJoined,
  tellLooks,
  tellRelease,
  tellSuspended,
  tellTouched,
} from '../world/tell.ts';
import type { World } from '../world/world.ts';
import { EDEADLK, EINTR, EINVAL, type Errno, ESRCH, isErrno } from './errno.ts';
import { exit1 } from './kern_exit.ts';
import { issignal, postsig } from './kern_sig.ts';
import {
  mi_switch,
  setrunnable,
  sleepq_abort,
  sleepq_block,
  sleepq_enter,
  sleepq_wakeall,
} from './kern_sleepq.ts';
import {
  Lwp,
  LSRUN,
  LSSLEEP,
  LSSUSPENDED,
  LSZOMB,
  LW_DETACHED,
  LW_PENDSIG,
  LW_WEXIT,
  LW_WSUSPEND,
} from './lwp.ts';
import type { Proc } from './proc.ts';
import { lockdebug_barrier } from './subr_lockdebug.ts';

/** A function that an LWP may start at. */
export type LwpStart<A> = (arg: A) => MaySleep<unknown>;

/** Flags that bring an LWP to lwp_userret() before it goes back to the program. */
export const LW_USERRET: number = LW_PENDSIG | LW_WEXIT | LW_WSUSPEND;

/** Makes an LWP in `proc` that will run start(arg). It is not runnable yet: lwp_create(9). */
export function lwp_create<A>(proc: Proc, start: LwpStart<A>, arg: A, name: string): Lwp {
  const k = proc.kernel;
  const w = k.world;
  const l = new Lwp(proc, k, current.lwp?.kernel === k ? current.lwp.cpu : k.cpus[0]);
  l.id = w.lwps.length;
  l.lid = proc.nextLid++;
  l.name = name;
  l.start = start as Lwp['start'];
  l.arg = arg;
  l.creator = current.lwp;
  l.ordinal = current.lwp === null ? w.lwps.length : current.lwp.children++;
  w.lwps.push(l);
  proc.lwps.push(l);
  tellCreated(l);
  if (tracing()) trace(EV_LWP_CREATE, l.id, traceString(name));
  return l;
}

/** Lets a new LWP run: lwp_start(9). */
export function lwp_start(l: Lwp): void {
  setrunnable(l);
}

/** What becomes of the running LWP when its start function returned. */
export function lwp_returned(l: Lwp, result: unknown): MaySleep<void> {
  return leave(l, result) ? done(undefined) : exit1(l, 0, 0, result);
}

/** Makes the LWP a zombie; false when it is the last of its process, which then has to end. */
function leave(l: Lwp, result: unknown): boolean {
  if (!l.proc.exiting && lastOfProcess(l)) return false;
  lwp_zombie(l, result);
  return true;
}

function lastOfProcess(l: Lwp): boolean {
  if (l.proc === l.kernel.proc0) return false;
  tellLooks(l, 'alive');
  return l.proc.lwps.every((other) => other === l || other.stat === LSZOMB);
}

/** lwp_exit(9): ends the running LWP, at any depth. Does not return. */
export function* lwp_exit(l: Lwp, result: unknown): Generator<void, never, void> {
  if (!leave(l, result)) return yield* exit1(l, 0, 0, result);
  yield* mi_switch();
  throw new Error('an LWP that has exited was resumed');
}

/** Makes an LWP a zombie, or forgets it if it is detached. It must not run on. */
export function lwp_zombie(l: Lwp, result: unknown): void {
  const w = l.kernel.world;
  lockdebug_barrier(l, 0, 'exits');
  if (tracing()) trace(EV_LWP_EXIT);
  l.result = result;
  l.stat = LSZOMB;
  tellExited(l);
  tellRelease(l.proc);
  tellTouched(l.proc.lwpWaiters, l.proc.lwpWaiters.length === 0 ? READ : WRITE);
  sleepq_wakeall(l.exitWaiters);
  sleepq_wakeall(l.proc.lwpWaiters);
  if (w.main === l && l.proc === l.kernel.proc0) conclude(w, 'passed', '', l);
  else if ((l.flag & LW_DETACHED) !== 0) lwp_free(w, l);
}

/** Forgets a dead LWP: lwp_free(9). */
export function lwp_free(w: World, l: Lwp): void {
  w.lwps[l.id] = null;
  const lwps = l.proc.lwps;
  const at = lwps.indexOf(l);
  if (at === lwps.length - 1) lwps.pop();
  else if (at >= 0) lwps.splice(at, 1);
}

/** The LWP of a process with this number, dead or alive: lwp_find(9). */
export function lwp_find(p: Proc, lid: number): Lwp | undefined {
  for (let i = 0; i < p.lwps.length; i++) if (p.lwps[i].lid === lid) return p.lwps[i];
  return undefined;
}

/**
 * lwp_wait(9): waits for LWP `lid` of the process, or any of them for 0, and takes it away.
 * Errors: ESRCH, EINVAL for a detached LWP, EDEADLK, EINTR.
 */
export function* lwp_wait(l: Lwp, lid: number): Generator<void, Lwp | Errno, void> {
  for (;;) {
    const found = takeOrQueue(l, lid);
    if (found !== undefined) return found;
    const error = yield* sleepq_block(0, 'interruptible');
    if (isErrno(error)) return EINTR;
  }
}

/** Takes a dead LWP away, or queues for its end: undefined. Plain, so it cannot end in between. */
function takeOrQueue(l: Lwp, lid: number): Lwp | Errno | undefined {
  const p = l.proc;
  const other = lid === 0 ? lwp_any(l) : lwp_find(p, lid);
  if (other === undefined) return ESRCH;
  if ((other.flag & LW_DETACHED) !== 0) return EINVAL;
  if (waitsForLwp(other, l)) return EDEADLK;
  if (other.stat === LSZOMB) {
    tellJoined(l, other);
    lwp_free(l.kernel.world, other);
    return other;
  }
  if (lid === 0) sleepq_enter(p.lwpWaiters, p, 'lwpwait');
  else sleepq_enter(other.exitWaiters, other, 'lwpwait');
  return undefined;
}

/** An LWP that lwp_wait for any may wait for: a dead one if there is one. */
function lwp_any(l: Lwp): Lwp | undefined {
  const others = l.proc.lwps.filter((o) => o !== l && (o.flag & LW_DETACHED) === 0);
  tellLooks(l, 'dead');
  const dead = others.find((o) => o.stat === LSZOMB);
  return dead ?? others.find((o) => !waitsForLwp(o, l)) ?? others[0];
}

/** Whether `from` is `to`, or waits in lwp_wait for one that is. */
function waitsForLwp(from: Lwp, to: Lwp): boolean {
  let l: unknown = from;
  while (l instanceof Lwp) {
    if (l === to) return true;
    l = l.wmesg === 'lwpwait' ? l.wchan : null;
  }
  return false;
}

/** lwp_suspend(9): takes effect at once in the program's code, else on return to it. */
export function lwp_suspend(t: Lwp): Errno | undefined {
  if (t.stat === LSZOMB) return EINTR;
  if ((t.flag & LW_WEXIT) !== 0) return undefined;
  t.flag |= LW_WSUSPEND;
  if (t.stat === LSRUN && t.syscall === null && t.cpu.curlwp !== t) {
    sched_dequeue(t.kernel.world, t);
    t.stat = LSSUSPENDED;
    tellSuspended(t);
  } else if (t.stat === LSSLEEP) sleepq_abort(t);
  return undefined;
}

/** lwp_continue(9): undoes lwp_suspend(). */
export function lwp_resume(t: Lwp): void {
  t.flag &= ~LW_WSUSPEND;
  if (t.stat === LSSUSPENDED) setrunnable(t);
}

/** Before an LWP goes back to the program: exits, stops or takes signals: lwp_userret(9). */
export function* lwp_userret(l: Lwp): Generator<void, void, void> {
  while ((l.flag & LW_USERRET) !== 0) {
    if ((l.flag & LW_WEXIT) !== 0) yield* lwp_exit(l, undefined);
    else if (suspendIfAsked(l)) yield* mi_switch();
    else {
      const sig = issignal(l);
      if (sig !== 0) yield* postsig(l, sig);
    }
  }
  if (l.sigrestore !== null) {
    l.sigmask = l.sigrestore;
    l.sigrestore = null;
  }
}

function suspendIfAsked(l: Lwp): boolean {
  if ((l.flag & LW_WSUSPEND) === 0) return false;
  l.stat = LSSUSPENDED;
  return true;
}
