/**
 * The end of a process, and waiting for it. Follows NetBSD sys/kern/kern_exit.c.
 *
 * The LWP that calls exit1() sees the other LWPs of its process off, lets the components give back
 * what they keep for it, and becomes a zombie that wait4(2) of the parent takes away.
 *
 * Differs  An LWP that is not in a system call just vanishes: nothing of the kernel's depends on
 *          it. The first process of a kernel halts it; that of the program's main LWP ends the run.
 */

import { sched_dequeue } from '../world/runq.ts';
import { conclude, type Outcome } from '../world/outcome.ts';
import { tellAcquire, tellBoth } from '../world/tell.ts';
import type { World } from '../world/world.ts';
import { ECHILD, type Errno } from './errno.ts';
import { lwp_exit, lwp_resume, lwp_zombie } from './kern_lwp.ts';
import { proc_free, proc_reparent } from './kern_proc.ts';
import { haltKernel } from './kern_reboot.ts';
import { psignal } from './kern_sig.ts';
import {
  mi_switch,
  sleepq_abort,
  sleepq_block,
  sleepq_enter,
  sleepq_wakeall,
} from './kern_sleepq.ts';
import { type Lwp, LSZOMB, LW_WEXIT } from './lwp.ts';
import { type Proc, SZOMB } from './proc.ts';
import { SIGCHLD, SIGNAL_NAMES } from './signal.ts';

/** W_EXITCODE(ret, sig): a wait status. */
export function W_EXITCODE(code: number, sig: number): number {
  return ((code & 0xff) << 8) | sig;
}

/** Whether a wait status tells of a normal exit, and its code. */
export function WIFEXITED(status: number): boolean {
  return (status & 0x7f) === 0;
}
export function WEXITSTATUS(status: number): number {
  return (status >> 8) & 0xff;
}

/** Whether a wait status tells of a signal, and which. */
export function WIFSIGNALED(status: number): boolean {
  return (status & 0x7f) !== 0;
}
export function WTERMSIG(status: number): number {
  return status & 0x7f;
}

/** exit1(9): ends the running LWP's process. Does not return. `result` is for tools. */
export function* exit1(
  l: Lwp,
  code: number,
  sig: number,
  result: unknown,
): Generator<void, never, void> {
  const p = l.proc;
  const k = p.kernel;
  if (!beginExit(p, l, result)) return yield* lwp_exit(l, result);
  if (p.lwps.length > 1) yield* exit_lwps(l);
  tellBoth(p);
  yield* doexithooks(p);
  if (k.initproc === p) yield* haltKernel(k);
  if (p.children.length > 0) orphan(p);
  p.xstat = W_EXITCODE(code, sig);
  p.stat = SZOMB;
  // One expression: what state the run leaves must not depend on who looks at a next statement.
  void (k.world.main?.proc === p && endOfRun(k.world, l, code, sig) && (yield* mi_switch()));
  lwp_zombie(l, result);
  tellParent(p);
  yield* mi_switch();
  throw new Error('an LWP that has exited was resumed');
}

/** Only one LWP gets to end its process; what it returned is there when the run ends. */
function beginExit(p: Proc, l: Lwp, result: unknown): boolean {
  l.result = result;
  const first = !p.exiting;
  p.exiting = true;
  return first;
}

/** The run ends here. Its LWP has to switch at once, which costs less than to unwind. */
function endOfRun(w: World, l: Lwp, code: number, sig: number): Outcome {
  if (sig !== 0) {
    const name = SIGNAL_NAMES[sig];
    return conclude(w, 'program-error', `the program was killed by signal ${sig} (${name})`, l);
  }
  if (code === 0) return conclude(w, 'passed', '', l);
  return conclude(w, 'program-error', `the program exited with status ${code}`, l);
}

function tellParent(p: Proc): void {
  const parent = p.parent;
  if (parent === null || parent === p.kernel.proc0) {
    proc_free(p);
    return;
  }
  psignal(parent, SIGCHLD);
  sleepq_wakeall(parent.childWaiters);
}

/** The children of a dying process become the first process's, or nobody's. */
function orphan(p: Proc): void {
  const { initproc, proc0 } = p.kernel;
  const parent = initproc === null || initproc === p || initproc.exiting ? proc0 : initproc;
  for (const child of p.children.slice()) {
    proc_reparent(child, parent);
    if (child.stat !== SZOMB) continue;
    if (parent === proc0) proc_free(child);
    else sleepq_wakeall(parent.childWaiters);
  }
}

/** exit_lwps(9): returns when `l` is the only LWP of its process. */
function* exit_lwps(l: Lwp): Generator<void, void, void> {
  while (dismissed(l, l.proc) > 0) yield* sleepq_block(0, 'uninterruptible');
}

/** Ends or tells to end the LWPs of `p` but `l`; queues for the end of those that have yet to go. */
function dismissed(l: Lwp, p: Proc): number {
  let left = 0;
  for (const other of p.lwps.slice()) {
    if (other === l || other.stat === LSZOMB) continue;
    if (other.syscall === null && other.held.length === 0) vanish(other);
    else {
      other.flag |= LW_WEXIT;
      lwp_resume(other);
      sleepq_abort(other);
      left++;
    }
  }
  if (left > 0) sleepq_enter(p.lwpWaiters, p, 'lwpexit');
  return left;
}

/** Ends an LWP that stands in the program's own code. */
function vanish(l: Lwp): void {
  const at = l.sleepq?.indexOf(l) ?? -1;
  if (at >= 0) l.sleepq?.splice(at, 1);
  l.sleepq = null;
  l.waitsFor = null;
  sched_dequeue(l.kernel.world, l);
  lwp_zombie(l, undefined);
}

/** Lets the components give back what they keep for a process: doexithooks(9). */
export function* doexithooks(p: Proc): Generator<void, void, void> {
  const components = p.kernel.linked;
  for (let i = components.length - 1; i >= 0; i--) {
    const { exithook } = components[i];
    if (exithook !== undefined) yield* exithook(p);
  }
}

/** Options of wait4(2). */
export const WNOHANG = 1;
export const WUNTRACED = 2;

export interface WaitResult {
  readonly pid: number;
  readonly status: number;
}

/** Waits for a child: wait4(2). `pid` -1 or 0 is any. Errors: ECHILD, EINTR. */
export function* do_sys_wait(
  l: Lwp,
  pid: number,
  options: number,
): Generator<void, WaitResult | Errno, void> {
  for (;;) {
    const found = reapOrQueue(l.proc, pid, options);
    if (found !== undefined) return found;
    const error = yield* sleepq_block(0, 'interruptible');
    if (error !== undefined) return error;
  }
}

/** Takes a dead child away, or queues for the end of one: undefined. */
function reapOrQueue(p: Proc, pid: number, options: number): WaitResult | Errno | undefined {
  const children = pid > 0 ? p.children.filter((child) => child.pid === pid) : p.children;
  if (children.length === 0) return ECHILD;
  const dead = children.find((child) => child.stat === SZOMB);
  if (dead !== undefined) {
    tellAcquire(dead);
    proc_free(dead);
    return { pid: dead.pid, status: dead.xstat };
  }
  if ((options & WNOHANG) !== 0) return { pid: 0, status: 0 };
  sleepq_enter(p.childWaiters, p, 'wait');
  return undefined;
}
