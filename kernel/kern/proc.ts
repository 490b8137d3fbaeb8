/**
 * Processes: proc(9). Follows NetBSD sys/sys/proc.h and sys/kern/kern_proc.c.
 */

import type { Kernel } from './kernel.ts';
import type { Lwp } from './lwp.ts';

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

export class Proc {
  pid: number;
  kernel: Kernel;
  parent: Proc | null;
  name: string;
  cred: Cred = CRED0;
  lwps: Lwp[] = [];
  nextLid = 1;
  /** Descriptor table (filedesc); null until the first descriptor is asked for. */
  fd: unknown = null;
  /** Current directory, root and umask (cwdinfo); null until vfs is asked for. */
  cwdi: unknown = null;
  /** Program-side state of this process: parked LWPs and the like. */
  parked: Map<unknown, Lwp[]> | null = null;
  /** Signals sent to the process and not yet taken by an LWP; handlers by number. */
  sigpend = 0;
  sigactions: Map<number, (sig: number) => void> | null = null;
  exited = false;

  constructor(kernel: Kernel, pid: number, parent: Proc | null, name: string) {
    this.kernel = kernel;
    this.pid = pid;
    this.parent = parent;
    this.name = name;
  }
}
