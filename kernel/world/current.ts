/**
 * The current-execution pointer: the only mutable module-level state of the kernel.
 *
 * The scheduler loop sets it when it resumes an LWP. During boot, and in the clock interrupt, it
 * points to the kernel's lwp0.
 */

import type { Kernel } from '../kern/kernel.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { World } from './world.ts';

export const current: { lwp: Lwp | null; world: World | null } = { lwp: null, world: null };

/** The running LWP: curlwp of lwp(9). */
export function curlwp(): Lwp {
  if (current.lwp === null) throw new Error('no LWP is running: this function is for kernel code');
  return current.lwp;
}

/** The kernel of the running LWP. */
export function curkernel(): Kernel {
  return curlwp().kernel;
}

/** The running world. */
export function curworld(): World {
  if (current.world === null) throw new Error('no world is running');
  return current.world;
}
