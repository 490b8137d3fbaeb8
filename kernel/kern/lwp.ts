/**
 * Light-weight processes: lwp(9). Follows NetBSD sys/sys/lwp.h and sys/kern/kern_lwp.c.
 *
 * An LWP is a stack of generators (its frame list, hooks.ts) plus this record. Everything that a
 * debugger or a core shows of it is a field here.
 */

import { inOneStep } from '../accesses.ts';
import type { Frame } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Cpu } from './cpu.ts';
import type { Errno } from './errno.ts';
import type { Kernel } from './kernel.ts';
import { OP_START, type OpKind } from '../world/op.ts';
import type { Variable } from '../world/variable.ts';
import type { Proc } from './proc.ts';

/** LWP states: sys/sys/lwp.h. */
export const LSIDL = 1;
export const LSRUN = 2;
export const LSSLEEP = 3;
export const LSSTOP = 4;
export const LSZOMB = 5;
export const LSDEAD = 6;
export const LSONPROC = 7;
export const LSSUSPENDED = 8;
export type LwpStat = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Flags of an LWP: sys/sys/lwp.h. */
export const LW_IDLE = 0x00000001;
export const LW_LWPCTL = 0x00000002;
export const LW_UNPARKED = 0x00000100;
export const LW_SINTR = 0x00000080;
export const LW_SYSTEM = 0x00000200;
export const LW_WEXIT = 0x00100000;
export const LW_WSUSPEND = 0x00020000;
export const LW_PENDSIG = 0x01000000;
export const LW_CANCELLED = 0x02000000;
export const LW_DETACHED = 0x00800000;
/** Ours: a softint or another thread that may sleep for ever without being missed. */
export const LW_DAEMON = 0x10000000;

/** Priorities: sys/sys/param.h. Larger runs first. */
export const PRI_USER = 0;
export const PRI_KERNEL = 64;
export const PRI_NONE = -1;
export const PRI_VM = 96 + 32;
export const PRI_BIO = 96 + 16;
export const PRI_SOFTNET = 176;
export const PRI_SOFTSERIAL = 208;
export const PRI_SOFTBIO = 192;
export const PRI_SOFTCLOCK = 176 - 16;
/** The lowest priority that preempts whatever a CPU runs. */
export const PRI_SOFTINT = 160;

/** What an LWP waits for: a lock with owners, for the wait-for graph. */
export interface Waitable {
  /** Name for people: `mutex 'pipe'`, `vnode lock`. */
  readonly name: string;
  /** The LWP which holds it exclusively. */
  owner: Lwp | null;
  /** The LWPs which hold it shared. */
  readonly readers?: Lwp[];
}

/** Frames that a new LWP has room for. */
const FRAMES_FIRST = 8;

export class Lwp {
  // Identity.
  /** Number in its world, in order of creation; recordings name LWPs by it. */
  id = 0;
  /** Number in its process: lwpid_t. */
  lid = 0;
  name = '';
  proc: Proc;
  kernel: Kernel;
  flag = 0;

  // Scheduling.
  stat: LwpStat = LSIDL;
  /** The CPU it runs, ran or will run on. */
  cpu: Cpu;
  priority = PRI_USER;
  /** Bound to `cpu`, never migrated. */
  bound = false;
  /** Scheduling points and counts of its own, up to its last switch. */
  points = 0;
  icount = 0;
  accesses = 0;

  // Its next operation, as strategies see it (world/op.ts, world/variable.ts).
  opKind: OpKind = OP_START;
  op: Variable | null = null;
  /** The access site of the operation (negative); 0 for others. */
  opSite = 0;
  /** Who made it, and as its how-manieth child, from 0. */
  creator: Lwp | null = null;
  ordinal = 0;
  children = 0;
  /** See pathNumber(); 0 until asked for. Objects that it met first. */
  path = 0;
  met = 0;

  // Its stack, while another runs (hooks.ts).
  frames: Frame[] = new Array(FRAMES_FIRST);
  sites: number[] = new Array(FRAMES_FIRST);
  fp = 0;
  /** Where a preempted LWP stands; 0 when it is inside the switch itself. */
  site = 0;
  start: ((arg: never) => MaySleep<unknown>) | null = null;
  arg: unknown = undefined;
  /** What its outermost function returned. */
  result: unknown = undefined;

  /** The thread's first LWP, if its stack was handed to this one: rump_lwproc(3). */
  home: Lwp | null = null;

  // Sleeping.
  /** The message shown for a sleeping LWP; null when awake. */
  wmesg: string | null = null;
  /** What it sleeps on: its condition variable, lock or other record. */
  wchan: unknown = null;
  /** The queue it is on, from which a wakeup takes it. */
  sleepq: Lwp[] | null = null;
  /** World time at which the sleep times out, ns; 0 for never. */
  timeoutNs = 0;
  /** How the last sleep ended: undefined for a wakeup, else EINTR, EWOULDBLOCK… */
  sleepError: Errno | undefined = undefined;
  /** The lock it waits for, for deadlock detection. */
  waitsFor: Waitable | null = null;

  // Locks (lockdebug).
  /** Locks it holds, in the order in which they were taken. */
  held: Waitable[] = [];
  spinLocks = 0;
  /** Kernel preemption is off while above 0: kpreempt_disable(9). */
  nopreempt = 0;

  // System call.
  /** The system call it is in; null outside. */
  syscall: string | null = null;
  syscallArgs: readonly unknown[] | null = null;

  // Signals.
  sigpend = 0;
  sigmask = 0;
  /** The mask to go back to after sigsuspend(2); null outside of it. */
  sigrestore: number | null = null;

  // Exit.
  /** LWPs asleep in lwp_wait for this one. */
  exitWaiters: Lwp[] = [];

  /** The program's own: _lwp_getprivate(2), used by the thread library. */
  private: unknown = null;

  constructor(proc: Proc, kernel: Kernel, cpu: Cpu) {
    this.proc = proc;
    this.kernel = kernel;
    this.cpu = cpu;
  }
}

// NetBSD: p_lock of its process, and the lock of the LWP.
inOneStep(Lwp, 'sigpend', 'sigmask', 'sigrestore', 'flag', 'stat', 'exited', 'lid', 'name', 'cpu');
