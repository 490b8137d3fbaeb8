/**
 * Making and ending LWPs: lwp(9). Follows NetBSD sys/kern/kern_lwp.c.
 */

import type { MaySleep } from '../maysleep.ts';
import { EV_LWP_CREATE, EV_LWP_EXIT } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { current } from '../world/current.ts';
import { conclude } from '../world/outcome.ts';
import type { World } from '../world/world.ts';
import { EDEADLK, type Errno, ESRCH, isErrno } from './errno.ts';
import { sleepq_block, sleepq_enter, sleepq_wakeall, setrunnable } from './kern_sleepq.ts';
import { Lwp, LSZOMB, LW_DETACHED } from './lwp.ts';
import type { Proc } from './proc.ts';

/** A function that an LWP may start at. */
export type LwpStart<A> = (arg: A) => MaySleep<unknown>;

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
  w.lwps.push(l);
  proc.lwps.push(l);
  if (tracing()) trace(EV_LWP_CREATE, l.id, traceString(name));
  return l;
}

/** Lets a new LWP run: lwp_start(9). */
export function lwp_start(l: Lwp): void {
  setrunnable(l);
}

/** What every LWP runs, made by the scheduler: its start function, and then its end. */
export function* lwp_trampoline(l: Lwp): Generator<void, unknown, void> {
  const result = yield* l.start!(l.arg as never);
  lwp_exit(l, result);
  return result;
}

/** Ends the running LWP: lwp_exit(9). Its process lives on while it has LWPs. */
export function lwp_exit(l: Lwp, result: unknown): void {
  const w = l.kernel.world;
  if (tracing()) trace(EV_LWP_EXIT);
  l.result = result;
  l.stat = LSZOMB;
  sleepq_wakeall(l.exitWaiters);
  if (w.main === l) conclude(w, 'passed', '', l);
  else if ((l.flag & LW_DETACHED) !== 0) lwp_free(w, l);
}

/** Forgets a dead LWP. */
export function lwp_free(w: World, l: Lwp): void {
  w.lwps[l.id] = null;
  const lwps = l.proc.lwps;
  lwps.splice(lwps.indexOf(l), 1);
}

/** lwp_wait(9): waits for LWP `lid` of the process. Errors: ESRCH, EDEADLK, EINTR. */
export function* lwp_wait(l: Lwp, lid: number): Generator<void, Lwp | Errno, void> {
  const other = l.proc.lwps.find((candidate) => candidate.lid === lid);
  if (other === undefined || (other.flag & LW_DETACHED) !== 0) return ESRCH;
  if (other === l) return EDEADLK;
  while (other.stat !== LSZOMB) {
    sleepq_enter(other.exitWaiters, other, 'lwpwait');
    const error = yield* sleepq_block(0, 'interruptible');
    if (isErrno(error)) return error;
  }
  if (l.kernel.world.lwps[other.id] !== null) lwp_free(l.kernel.world, other);
  return other;
}
