/**
 * System calls about signals: kill(2), sigaction(2) and friends. Follows NetBSD sys/kern/sys_sig.c.
 *
 * Differs  There are no process groups: kill(0) is for the caller's process, as if it were alone
 *          in its group, and a group's number is not found.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { tellAcquire } from '../world/tell.ts';
import { EINTR, EINVAL, EPERM, type Errno, ESRCH } from './errno.ts';
import { proc_find } from './kern_proc.ts';
import { psignal, sigaction_get, sigaction_set, sigrecalc } from './kern_sig.ts';
import { kpause } from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import { type Proc, SACTIVE } from './proc.ts';
import {
  NSIG,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SIGCANTMASK,
  type SigAction,
  type SigHandler,
  sigmask,
} from './signal.ts';
import { sysent } from './syscall.ts';

function validSignal(sig: number): boolean {
  return Number.isInteger(sig) && sig >= 0 && sig < NSIG;
}

/** Whether the process of `l` may signal `p`: kauth(9). */
function maySignal(l: Lwp, p: Proc): boolean {
  const { uid, euid } = l.proc.cred;
  const target = p.cred;
  if (euid === 0 || l.proc === p) return true;
  return [target.uid, target.svuid].some((id) => id === uid || id === euid);
}

/** kill(2). Errors: EINVAL, ESRCH, EPERM. */
function sys_kill(l: Lwp, pid: number, sig: number): MaySleep<Errno | undefined> {
  if (!validSignal(sig)) return done(EINVAL);
  if (pid === -1) return done(killAll(l, sig));
  const p = pid === 0 ? l.proc : proc_find(l.kernel, pid);
  if (p === undefined || p === l.kernel.proc0) return done(ESRCH);
  if (!maySignal(l, p)) return done(EPERM);
  if (sig !== 0) psignal(p, sig);
  return done(undefined);
}

/** To everybody but the system's processes and the caller's own. */
function killAll(l: Lwp, sig: number): Errno | undefined {
  const { proc0, procs } = l.kernel;
  let sent = false;
  for (const p of procs.values()) {
    if (p === proc0 || p === l.proc || p.stat !== SACTIVE || !maySignal(l, p)) continue;
    sent = true;
    if (sig !== 0) psignal(p, sig);
  }
  return sent ? undefined : ESRCH;
}

/** A handler, SIG_DFL or SIG_IGN, or all of a struct sigaction. */
export type SigActionArgument = SigHandler | 0 | 1 | SigAction;

/** sigaction(2): gives the old action. Errors: EINVAL. */
function sys_sigaction(l: Lwp, sig: number, act?: SigActionArgument): MaySleep<SigAction | Errno> {
  if (!validSignal(sig) || sig === 0) return done(EINVAL);
  const old = sigaction_get(l.proc, sig);
  if (act === undefined) return done(old);
  if ((SIGCANTMASK & sigmask(sig)) !== 0) return done(EINVAL);
  const action = typeof act === 'object' ? act : { handler: act, mask: 0, flags: 0 };
  const { handler } = action;
  if (typeof handler !== 'function' && handler !== SIG_DFL && handler !== SIG_IGN) {
    return done(EINVAL);
  }
  sigaction_set(l.proc, sig, action);
  return done(old);
}

/** sigprocmask(2) of the calling LWP: gives the old mask. Errors: EINVAL. */
function sys_sigprocmask(l: Lwp, how: number, set?: number): MaySleep<number | Errno> {
  const old = l.sigmask;
  if (set === undefined) return done(old);
  const change = set & ~SIGCANTMASK;
  if (how === SIG_BLOCK) l.sigmask |= change;
  else if (how === SIG_UNBLOCK) l.sigmask &= ~change;
  else if (how === SIG_SETMASK) l.sigmask = change;
  else return done(EINVAL);
  sigrecalc(l.proc);
  return done(old);
}

/** sigpending(2). */
function sys_sigpending(l: Lwp): MaySleep<number> {
  tellAcquire(l.proc);
  return done((l.sigpend | l.proc.sigpend) & l.sigmask);
}

/** sigsuspend(2): waits for a signal with another mask. Always EINTR. */
function* sys_sigsuspend(l: Lwp, set: number): Generator<void, Errno, void> {
  l.sigrestore = l.sigmask;
  l.sigmask = set & ~SIGCANTMASK;
  sigrecalc(l.proc);
  yield* kpause('pause', 'interruptible', 0);
  return EINTR;
}

export const sigSyscalls = {
  kill: sysent(37, sys_kill, ['number', 'number']),
  sigaction: sysent(340, sys_sigaction, ['number', 'any?']),
  sigprocmask: sysent(293, sys_sigprocmask, ['number', 'number?']),
  sigpending: sysent(292, sys_sigpending, []),
  sigsuspend: sysent(294, sys_sigsuspend, ['number']),
};
