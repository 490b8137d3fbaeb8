/**
 * Making processes: fork1(9), as rump has it (rump_lwproc_rfork). Follows NetBSD
 * sys/kern/kern_fork.c and sys/rump/librump/rumpkern/lwproc.c.
 *
 * Programs of a run share one address space, so a new process begins at a function.
 */

import type { MaySleep } from '../maysleep.ts';
import { EAGAIN, EINVAL, type Errno } from './errno.ts';
import { exit1 } from './kern_exit.ts';
import { lwp_create, lwp_start } from './kern_lwp.ts';
import { proc_alloc } from './kern_proc.ts';
import { sysctl_dispatch } from './kern_sysctl.ts';
import type { Lwp } from './lwp.ts';
import { CRED0, type Proc } from './proc.ts';
import { curlwp } from '../world/current.ts';

/** rfork: the child gets a copy of the descriptor table. Neither flag: it shares the table. */
export const RUMP_RFFDG = 0x01;
/** rfork: the child gets an empty descriptor table. */
export const RUMP_RFCFDG = 0x02;

/** A new process begins here; a number that it returns is its exit code. */
export type ProcessStart<A> = (arg: A) => MaySleep<unknown>;

/** fork1(9): a child of the running process that runs fn(arg). Errors: EINVAL, EAGAIN. */
export function* fork1<A>(
  l: Lwp,
  flags: number,
  fn: ProcessStart<A>,
  arg: A,
): Generator<void, Proc | Errno, void> {
  const k = l.kernel;
  const both = RUMP_RFFDG | RUMP_RFCFDG;
  if ((flags & ~both) !== 0 || (flags & both) === both) return EINVAL;
  const limit = k.sysctl === null ? 1024 : sysctl_dispatch(k, CRED0, 'kern.maxproc', undefined);
  if (typeof limit === 'number' && k.procs.size >= limit) return EAGAIN;
  const p = proc_alloc(k, l.proc, l.proc.name);
  for (const { forkhook } of k.linked) if (forkhook !== undefined) yield* forkhook(p, flags);
  const child = lwp_create(p, startChild<A>, { fn, arg }, l.proc.name);
  child.sigmask = l.sigmask;
  lwp_start(child);
  return p;
}

function* startChild<A>(begin: {
  readonly fn: ProcessStart<A>;
  readonly arg: A;
}): Generator<void, unknown, void> {
  const result = yield* begin.fn(begin.arg);
  return yield* exit1(curlwp(), typeof result === 'number' ? result : 0, 0, result);
}
