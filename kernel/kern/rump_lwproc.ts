/**
 * rump's local clients: one thread of a program that acts as different processes and LWPs.
 * Follows NetBSD sys/rump/librump/rumpkern/lwproc.c and rump_lwproc(3).
 *
 * A thread is a stack of generators. rump_lwproc_switch() hands the stack of the running LWP to
 * another LWP record, which then is curlwp; the first one keeps its process and its place, without
 * a stack, until the thread comes back to it.
 *
 * Example  yield* rump_lwproc_rfork(RUMP_RFCFDG);       // now a new process: own descriptors
 *          yield* sys.setuid(1000);
 *          yield* rump_lwproc_releaselwp();             // it is gone; the first LWP again
 *
 * Differs  A thread always has an LWP: where rump leaves it with none, it gets its first one back.
 *          The other LWP has to be of the same kernel.
 */

import { curlwp } from '../world/current.ts';
import { carryStack } from '../world/run.ts';
import { tellCreated } from '../world/tell.ts';
import { type Errno, ESRCH } from './errno.ts';
import { doexithooks } from './kern_exit.ts';
import { RUMP_RFCFDG, RUMP_RFFDG } from './kern_fork.ts';
import { lwp_free } from './kern_lwp.ts';
import { proc_alloc, proc_find, proc_free } from './kern_proc.ts';
import { Lwp, LSDEAD, LSSUSPENDED } from './lwp.ts';
import type { Proc } from './proc.ts';
import { KASSERT } from './subr_prf.ts';

/** A new process, of which the caller becomes the first LWP. Flags as for rfork; 0 shares all. */
export function* rump_lwproc_rfork(flags: number): Generator<void, Errno | undefined, void> {
  KASSERT((flags & ~(RUMP_RFFDG | RUMP_RFCFDG)) === 0, 'rump_lwproc_rfork: unknown flags');
  const l = curlwp();
  const p = proc_alloc(l.kernel, l.proc, l.proc.name);
  for (const { forkhook } of l.kernel.linked) if (forkhook !== undefined) yield* forkhook(p, flags);
  rump_lwproc_switch(newLwp(p));
  return undefined;
}

/** A new LWP in process `pid`, which the caller becomes. Errors: ESRCH. */
export function rump_lwproc_newlwp(pid: number): Errno | undefined {
  const p = proc_find(curlwp().kernel, pid);
  if (p === undefined) return ESRCH;
  rump_lwproc_switch(newLwp(p));
  return undefined;
}

/** The LWP that the caller is. */
export function rump_lwproc_curlwp(): Lwp {
  return curlwp();
}

/** The caller becomes another LWP, which must have no stack of its own. */
export function rump_lwproc_switch(to: Lwp): void {
  const from = curlwp();
  if (to === from) return;
  KASSERT(to.kernel === from.kernel, 'rump_lwproc_switch: the LWP is of another kernel');
  KASSERT(to.stat === LSSUSPENDED && to.fp === 0, `rump_lwproc_switch: LWP ${to.id} is in use`);
  KASSERT(from.spinLocks === 0, 'rump_lwproc_switch: a spin lock is held');
  carryStack(from, to);
}

/** Ends the LWP that the caller is, and its process with it if it was the last one there. */
export function* rump_lwproc_releaselwp(): Generator<void, void, void> {
  const l = curlwp();
  const { home } = l;
  KASSERT(home !== null, 'rump_lwproc_releaselwp: the thread has only its first LWP');
  const p = l.proc;
  const last = p.lwps.length === 1;
  if (last) yield* doexithooks(p);
  rump_lwproc_switch(home);
  l.stat = LSDEAD;
  lwp_free(l.kernel.world, l);
  if (last) proc_free(p);
}

/** An LWP record without a stack, for a thread to become. */
function newLwp(p: Proc): Lwp {
  const from = curlwp();
  const l = new Lwp(p, p.kernel, from.cpu);
  l.id = p.kernel.world.lwps.length;
  l.lid = p.nextLid++;
  l.name = p.name;
  l.stat = LSSUSPENDED;
  l.home = from.home ?? from;
  p.kernel.world.lwps.push(l);
  p.lwps.push(l);
  tellCreated(l);
  return l;
}
