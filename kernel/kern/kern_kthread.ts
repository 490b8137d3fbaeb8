/**
 * Kernel threads: kthread(9). Follows NetBSD sys/kern/kern_kthread.c and
 * sys/rump/librump/rumpkern/threads.c.
 *
 * A kernel thread is an LWP of process 0. One that waits for work for ever is not missed when
 * nothing else can run (lost-wakeup).
 */

import { curkernel, curlwp } from '../world/current.ts';
import type { MaySleep } from '../maysleep.ts';
import { tellJoined } from '../world/tell.ts';
import type { Cpu } from './cpu.ts';
import { lwp_create, lwp_exit, lwp_free, lwp_start } from './kern_lwp.ts';
import { sleepq_block, sleepq_enter } from './kern_sleepq.ts';
import {
  type Lwp,
  LSZOMB,
  LW_DAEMON,
  LW_DETACHED,
  LW_SYSTEM,
  PRI_KERNEL,
  PRI_NONE,
} from './lwp.ts';
import { KASSERT, panic, printf } from './subr_prf.ts';

export const KTHREAD_IDLE = 0x01;
export const KTHREAD_MPSAFE = 0x02;
export const KTHREAD_INTR = 0x04;
export const KTHREAD_TS = 0x08;
export const KTHREAD_MUSTJOIN = 0x10;

/** Threads that rump does without when it may not make threads: threads.c. */
const DISPENSABLE = ['vrele', 'cachegc', 'nfssilly', 'unpgc'];

/**
 * kthread_create(9): a thread of the running kernel that runs func(arg). `ci` binds it to a CPU,
 * PRI_NONE is the usual priority. Gives null for one that RUMP_THREADS=0 does without; panics,
 * as rump does, for any other then.
 */
export function kthread_create<A>(
  pri: number,
  flags: number,
  ci: Cpu | null,
  func: (arg: A) => MaySleep<unknown>,
  arg: A,
  name: string,
): Lwp | null {
  const k = curkernel();
  if (!k.config.threads) {
    if (!DISPENSABLE.includes(name)) panic(`kthread ${name}: threads not available (RUMP_THREADS)`);
    printf(`rump warning: threads not enabled, not starting ${name} thread\n`);
    return null;
  }
  const l = lwp_create(k.proc0, func, arg, name);
  l.flag |= LW_SYSTEM | LW_DAEMON;
  if ((flags & KTHREAD_MUSTJOIN) === 0) l.flag |= LW_DETACHED;
  l.priority = pri === PRI_NONE ? PRI_KERNEL : pri;
  if (ci !== null) {
    l.cpu = ci;
    l.bound = true;
  }
  if ((flags & KTHREAD_IDLE) === 0) lwp_start(l);
  return l;
}

/** kthread_exit(9): ends the running kernel thread, at any depth. Does not return. */
export function kthread_exit(code: number): MaySleep<never> {
  const l = curlwp();
  KASSERT(l.proc === l.kernel.proc0, 'kthread_exit by an LWP that is no kernel thread');
  return lwp_exit(l, code);
}

/** kthread_join(9): waits for the end of a thread made with KTHREAD_MUSTJOIN; its exit code. */
export function* kthread_join(l: Lwp): Generator<void, unknown, void> {
  KASSERT((l.flag & LW_SYSTEM) !== 0, 'kthread_join of an LWP that is no kernel thread');
  KASSERT((l.flag & LW_DETACHED) === 0, `kthread_join of ${l.name}, made without MUSTJOIN`);
  while (queueUntilDead(l)) yield* sleepq_block(0, 'uninterruptible');
  tellJoined(curlwp(), l);
  lwp_free(l.kernel.world, l);
  return l.result;
}

/** While the thread lives: queues for its end. Plain, so that it cannot end in between. */
function queueUntilDead(l: Lwp): boolean {
  if (l.stat === LSZOMB) return false;
  sleepq_enter(l.exitWaiters, l, 'kthjoin');
  return true;
}
