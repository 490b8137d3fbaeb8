/**
 * System calls of the kern component, as data. Numbers follow sys/kern/syscalls.master.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Lwp } from './lwp.ts';
import { sysent } from './syscall.ts';

/** getpid(2). */
function sys_getpid(l: Lwp): MaySleep<number> {
  return done(l.proc.pid);
}

export const kernSyscalls = {
  getpid: sysent(20, sys_getpid, []),
};
