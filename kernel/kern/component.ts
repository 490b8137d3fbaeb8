/**
 * Components: what a kernel is put together from. Follows sys/rump/include/rump/rump.h
 * (RUMP_COMPONENT) and sys/rump/librump/rumpkern/rump.c.
 *
 * File systems, drivers, protocols and system calls are components; those of a user's own package
 * are made with component() exactly as ours are.
 */

import type { MaySleep } from '../maysleep.ts';
import type { Kernel } from './kernel.ts';
import type { Proc } from './proc.ts';
import type { SyscallTable } from './syscall.ts';

export interface ComponentOptions {
  readonly name: string;
  /** Linked in first. */
  readonly requires?: readonly Component[];
  /** System calls that it adds. */
  readonly syscalls?: SyscallTable;
  /** On the boot path, before any LWP runs: attaches to the kernel. Cannot sleep. */
  readonly boot?: (k: Kernel) => void;
  /** On the first process's LWP, before the program's main: mounts, threads. */
  readonly start?: (k: Kernel) => MaySleep<void>;
  /**
   * A process is being made by the running one (forkhook_establish(9)): gives the child its share
   * of what the component keeps per process. `flags` are those of rfork.
   */
  readonly forkhook?: (child: Proc, flags: number) => MaySleep<void>;
  /** A process ends, on its last LWP (exithook_establish(9)): gives back what it holds. */
  readonly exithook?: (p: Proc) => MaySleep<void>;
  /** At halt, on the main LWP: gives back what it holds, before the leak report. */
  readonly stop?: (k: Kernel) => MaySleep<void>;
}

export interface Component extends ComponentOptions {
  readonly kind: 'rumpus component';
}

/** Makes a component. */
export function component(options: ComponentOptions): Component {
  return Object.freeze({ kind: 'rumpus component' as const, ...options });
}

/**
 * The components asked for and what they require, each once, requirements first. One that is asked
 * for stands in for a required one of the same name, so a test can bring its own twin of ours.
 */
export function linkOrder(components: readonly Component[]): Component[] {
  const order: Component[] = [];
  const asked = new Map(components.map((c) => [c.name, c]));
  const visit = (wanted: Component) => {
    const c = asked.get(wanted.name) ?? wanted;
    if (order.includes(c)) return;
    for (const required of c.requires ?? []) visit(required);
    order.push(c);
  };
  for (const c of components) visit(c);
  return order;
}
