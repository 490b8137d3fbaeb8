/**
 * Processes: making, finding and forgetting them: proc(9). Follows NetBSD sys/kern/kern_proc.c.
 */

import type { Kernel } from './kernel.ts';
import { Proc, SACTIVE, SDEAD } from './proc.ts';

/** A new process of kernel `k`, without LWPs, with its parent's credentials and signal actions. */
export function proc_alloc(k: Kernel, parent: Proc, name: string): Proc {
  const p = new Proc(k, k.nextPid++, parent, name);
  p.cred = parent.cred;
  if (parent.sigactions !== null) p.sigactions = new Map(parent.sigactions);
  k.procs.set(p.pid, p);
  parent.children.push(p);
  return p;
}

/** Forgets a dead process: proc_free(9). */
export function proc_free(p: Proc): void {
  p.stat = SDEAD;
  p.kernel.procs.delete(p.pid);
  for (const l of p.lwps) p.kernel.world.lwps[l.id] = null;
  removeChild(p);
  p.parent = null;
}

/** Gives a process another parent: proc_reparent(9). */
export function proc_reparent(p: Proc, parent: Proc): void {
  removeChild(p);
  p.parent = parent;
  parent.children.push(p);
}

function removeChild(p: Proc): void {
  const siblings = p.parent?.children;
  const at = siblings?.indexOf(p) ?? -1;
  if (siblings !== undefined && at >= 0) siblings.splice(at, 1);
}

/** The living process of this number, within the running kernel: proc_find(9). */
export function proc_find(k: Kernel, pid: number): Proc | undefined {
  const p = k.procs.get(pid);
  return p?.stat === SACTIVE ? p : undefined;
}
