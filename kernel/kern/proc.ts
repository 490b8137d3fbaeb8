/**
 * Processes: proc(9). Follows NetBSD sys/sys/proc.h and sys/kern/kern_proc.c.
 */

import { inOneStep, publishes } from '../accesses.ts';
import type { Cwdinfo } from '../vfs/vfs_cwd.ts';
import type { Filedesc } from './filedesc.ts';
import type { Kernel } from './kernel.ts';
import type { Lwp } from './lwp.ts';
import type { SigAction } from './signal.ts';

/** Credentials: kauth(9), as far as permission checks need them. Shared, never changed in place. */
export class Cred {
  uid = 0;
  gid = 0;
  euid = 0;
  egid = 0;
  svuid = 0;
  svgid = 0;
  groups: readonly number[] = [0];
}

/** The superuser. */
export const CRED0 = new Cred();

/** Process states: sys/sys/proc.h. */
export const SACTIVE = 2;
export const SZOMB = 5;
export const SDEAD = 6;
export type ProcStat = 2 | 5 | 6;

export class Proc {
  pid: number;
  kernel: Kernel;
  parent: Proc | null;
  name: string;
  cred: Cred = CRED0;
  lwps: Lwp[] = [];
  nextLid = 1;
  /** Descriptor table (filedesc); null until the first descriptor is asked for. */
  fd: Filedesc | null = null;
  /** Current directory, root and umask (cwdinfo); null until vfs is asked for. */
  cwdi: Cwdinfo | null = null;
  /** LWPs in _lwp_park(2), and those that wait for any LWP of the process to end. */
  parked: Lwp[] = [];
  lwpWaiters: Lwp[] = [];

  // Signals.
  /** Signals sent to the process and not yet taken by an LWP, a bit each. */
  sigpend = 0;
  /** What to do about a signal, by number; null while all are at their default. */
  sigactions: Map<number, SigAction> | null = null;

  // Family and exit.
  stat: ProcStat = SACTIVE;
  children: Proc[] = [];
  /** LWPs of this process asleep in wait4(2). */
  childWaiters: Lwp[] = [];
  /** exit1() has begun: no new LWPs. */
  exiting = false;
  /** Wait status: of exit code and signal, as W_EXITCODE(). */
  xstat = 0;
  /** issetugid(2): it changed its ids since it began. */
  sugid = false;

  constructor(kernel: Kernel, pid: number, parent: Proc | null, name: string) {
    this.kernel = kernel;
    this.pid = pid;
    this.parent = parent;
    this.name = name;
  }
}

// NetBSD: p_lock and proc_lock. Tables and directories that are made when first asked for are there
// from the start in NetBSD.
publishes(Proc, 'stat', 'lwps[]', 'nextLid', 'parked[]', 'lwpWaiters[]', 'children[]');
publishes(Proc, 'childWaiters[]', 'exiting', 'xstat', 'sigactions[]', 'parent', 'cred');
publishes(Proc, 'fd', 'cwdi');
inOneStep(Proc, 'sigpend', 'sugid');
