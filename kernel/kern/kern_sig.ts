/**
 * Signals: sending them, and taking them on return to the program. Follows NetBSD
 * sys/kern/kern_sig.c and sys_sig.c; signal(9).
 *
 * psignal() makes a signal pending and ends an interruptible sleep with EINTR; the LWP takes it
 * when its system call returns (lwp_userret()), where the program's handler runs as part of the
 * LWP's own stack.
 *
 * Differs  No job control: stop signals do nothing. No SA_RESTART: an interrupted call says EINTR.
 */

import type { MaySleep } from '../maysleep.ts';
import { tellAcquire, tellRelease } from '../world/tell.ts';
import { exit1 } from './kern_exit.ts';
import { sleepq_abort } from './kern_sleepq.ts';
import { type Lwp, LSSLEEP, LSZOMB, LW_PENDSIG, LW_SINTR } from './lwp.ts';
import { type Proc, SACTIVE } from './proc.ts';
import {
  firstsig,
  SA_NODEFER,
  SA_RESETHAND,
  SIG_DFL,
  SIG_IGN,
  SIGCANTMASK,
  SIGDFLIGN,
  SIGKILL,
  type SigAction,
  sigmask,
} from './signal.ts';

export * from './signal.ts';

const DEFAULT_ACTION: SigAction = { handler: SIG_DFL, mask: 0, flags: 0 };

/** What process `p` does about a signal. */
export function sigaction_get(p: Proc, sig: number): SigAction {
  return p.sigactions?.get(sig) ?? DEFAULT_ACTION;
}

/** Changes what process `p` does about a signal; what is now ignored is no longer pending. */
export function sigaction_set(p: Proc, sig: number, action: SigAction): void {
  tellRelease(p);
  p.sigactions ??= new Map();
  p.sigactions.set(sig, { ...action, mask: action.mask & ~SIGCANTMASK });
  if (!ignored(p, sig)) return;
  p.sigpend &= ~sigmask(sig);
  for (const l of p.lwps) l.sigpend &= ~sigmask(sig);
  sigrecalc(p);
}

function ignored(p: Proc, sig: number): boolean {
  const { handler } = sigaction_get(p, sig);
  return handler === SIG_IGN || (handler === SIG_DFL && (SIGDFLIGN & sigmask(sig)) !== 0);
}

/** psignal(9): sends a signal to a process. Never sleeps; may be called from an interrupt. */
export function psignal(p: Proc, sig: number): void {
  if (p.stat !== SACTIVE || ignored(p, sig)) return;
  tellRelease(p);
  p.sigpend |= sigmask(sig);
  const l = sigreceiver(p, sig);
  if (l !== undefined) signotify(l);
}

/** kpsignal2(9) for one LWP: _lwp_kill(2). */
export function lwp_psignal(l: Lwp, sig: number): void {
  if (l.proc.stat !== SACTIVE || ignored(l.proc, sig)) return;
  tellRelease(l.proc);
  l.sigpend |= sigmask(sig);
  if ((l.sigmask & sigmask(sig)) === 0) signotify(l);
}

/** The LWP that is to take a signal of its process: one that sleeps so that it can be woken. */
function sigreceiver(p: Proc, sig: number): Lwp | undefined {
  const able = (l: Lwp) => l.stat !== LSZOMB && (l.sigmask & sigmask(sig)) === 0;
  const asleep = (l: Lwp) => l.stat === LSSLEEP && (l.flag & LW_SINTR) !== 0;
  return (
    p.lwps.find((l) => able(l) && asleep(l)) ??
    p.lwps.find((l) => able(l) && l.stat !== LSSLEEP) ??
    p.lwps.find(able)
  );
}

function signotify(l: Lwp): void {
  l.flag |= LW_PENDSIG;
  sleepq_abort(l);
}

/** Brings LW_PENDSIG of a process's LWPs up to date after masks or pending sets changed. */
export function sigrecalc(p: Proc): void {
  for (const l of p.lwps) {
    if (((l.sigpend | p.sigpend) & ~l.sigmask) !== 0) l.flag |= LW_PENDSIG;
    else l.flag &= ~LW_PENDSIG;
  }
}

/** Takes the next signal that the LWP does not block off its sets; 0 when there is none. */
export function issignal(l: Lwp): number {
  const p = l.proc;
  tellAcquire(p);
  for (;;) {
    const pending = (l.sigpend | p.sigpend) & ~l.sigmask;
    const sig = (pending & sigmask(SIGKILL)) !== 0 ? SIGKILL : firstsig(pending);
    if (sig !== 0) {
      if ((l.sigpend & sigmask(sig)) !== 0) l.sigpend &= ~sigmask(sig);
      else p.sigpend &= ~sigmask(sig);
    }
    sigrecalc(p);
    if (sig === 0 || !ignored(p, sig)) return sig;
  }
}

/** postsig(9): acts on a signal that the running LWP took: runs the handler, or ends the process. */
export function postsig(l: Lwp, sig: number): MaySleep<void> {
  const action = sigaction_get(l.proc, sig);
  if (typeof action.handler === 'number') return exit1(l, 0, sig, undefined);
  return sendsig(l, sig, action);
}

function* sendsig(l: Lwp, sig: number, action: SigAction): Generator<void, void, void> {
  const { handler, mask, flags } = action;
  if (typeof handler === 'number') return;
  const before = l.sigrestore ?? l.sigmask;
  l.sigrestore = null;
  // Nobody else writes it.
  l.sigmask = l.sigmask | mask | ((flags & SA_NODEFER) !== 0 ? 0 : sigmask(sig));
  if ((flags & SA_RESETHAND) !== 0) l.proc.sigactions?.delete(sig);
  sigrecalc(l.proc);
  yield* handler(sig);
  l.sigmask = before;
  sigrecalc(l.proc);
}
