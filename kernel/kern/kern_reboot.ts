/**
 * Halting and rebooting: reboot(2), cpu_reboot(9). Follows NetBSD sys/kern/kern_reboot.c and
 * sys/rump/librump/rumpkern/rump.c (cpu_reboot).
 *
 * A kernel halts by itself when its first process ends: its components stop in reverse order and
 * what memory is left is reported. reboot(2) does not get that far: it ends the run with verdict
 * `reboot`, which a test may expect.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { type Errno, EPERM } from './errno.ts';
import type { Kernel } from './kernel.ts';
import type { Lwp } from './lwp.ts';
import { kmem_report } from './subr_kmem.ts';
import { fail } from './subr_prf.ts';

export const RB_AUTOBOOT = 0x0000;
export const RB_NOSYNC = 0x0004;
export const RB_HALT = 0x0008;
export const RB_DUMP = 0x0100;
export const RB_POWERDOWN = 0x0808;

/** Stops the components in reverse order and looks for leaks; ends with verdict `leak` then. */
export function* haltKernel(k: Kernel): Generator<void, void, void> {
  for (let i = k.linked.length - 1; i >= 0; i--) {
    const { stop } = k.linked[i];
    if (stop !== undefined) yield* stop(k);
  }
  k.halted = true;
  kmem_report(k);
}

/** reboot(2). Errors: EPERM for all but the superuser. */
export function sys_reboot(l: Lwp, howto: number): MaySleep<Errno> {
  if (l.proc.cred.euid !== 0) return done(EPERM);
  const what = (howto & RB_HALT) === 0 ? 'rebooted' : 'halted';
  return fail('reboot', `kernel ${l.kernel.name} was ${what} by process ${l.proc.pid}`);
}
