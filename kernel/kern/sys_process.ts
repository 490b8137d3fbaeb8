/**
 * System calls about processes: rfork, _exit(2), wait4(2), reboot(2), sysctl(3). Follows NetBSD
 * sys/kern/kern_fork.c, kern_exit.c, kern_sysctl.c.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EINVAL, type Errno, isErrno } from './errno.ts';
import { do_sys_wait, exit1, type WaitResult, WNOHANG, WUNTRACED } from './kern_exit.ts';
import { fork1 } from './kern_fork.ts';
import { sys_reboot } from './kern_reboot.ts';
import { type SysctlValue, sysctl_dispatch } from './kern_sysctl.ts';
import type { Lwp } from './lwp.ts';
import type { ProgramStart } from './sys_lwp.ts';
import { sysent } from './syscall.ts';

/** rfork: a child process that runs fn(arg); gives its pid. `flags` are RUMP_RFFDG, RUMP_RFCFDG. */
function* sys_rfork(
  l: Lwp,
  flags: number,
  fn: ProgramStart,
  arg?: unknown,
): Generator<void, number | Errno, void> {
  const p = yield* fork1(l, flags, fn as (arg: unknown) => MaySleep<unknown>, arg);
  return isErrno(p) ? p : p.pid;
}

/** _exit(2): does not return. */
function sys_exit(l: Lwp, status: number): MaySleep<never> {
  return exit1(l, status, 0, undefined);
}

/** wait4(2). Errors: EINVAL for an unknown option, ECHILD, EINTR. */
function sys_wait4(l: Lwp, pid: number, options = 0): MaySleep<WaitResult | Errno> {
  if ((options & ~(WNOHANG | WUNTRACED)) !== 0) return done(EINVAL);
  return do_sys_wait(l, pid, options);
}

/** sysctl(3): the value of a name, text or numbers; stores `newValue` if there is one. */
function sys_sysctl(
  l: Lwp,
  name: string | readonly number[],
  newValue?: SysctlValue,
): MaySleep<SysctlValue | Errno> {
  return done(sysctl_dispatch(l.kernel, l.proc.cred, name, newValue));
}

export const processSyscalls = {
  _exit: sysent(1, sys_exit, ['number']),
  rfork: sysent(0, sys_rfork, ['number', 'function', 'any?']),
  wait4: sysent(449, sys_wait4, ['number', 'number?']),
  waitpid: sysent(0, sys_wait4, ['number', 'number?']),
  sysctl: sysent(202, sys_sysctl, ['sysctlname', 'any?']),
  reboot: sysent(208, sys_reboot, ['number']),
};
