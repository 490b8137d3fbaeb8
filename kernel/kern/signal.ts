/**
 * Signals: numbers, sets and dispositions. Follows NetBSD sys/sys/signal.h.
 *
 * Differs  A set is a number with a bit a signal; real-time signals, 33 and up, do not exist.
 */

import type { MaySleep } from '../maysleep.ts';

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGEMT = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGBUS = 10;
export const SIGSEGV = 11;
export const SIGSYS = 12;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGTERM = 15;
export const SIGURG = 16;
export const SIGSTOP = 17;
export const SIGTSTP = 18;
export const SIGCONT = 19;
export const SIGCHLD = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGIO = 23;
export const SIGXCPU = 24;
export const SIGXFSZ = 25;
export const SIGVTALRM = 26;
export const SIGPROF = 27;
export const SIGWINCH = 28;
export const SIGINFO = 29;
export const SIGUSR1 = 30;
export const SIGUSR2 = 31;
export const SIGPWR = 32;

/** One more than the largest signal. */
export const NSIG = 33;

/** Names by number, as in strsignal(3) and kill(1). */
export const SIGNAL_NAMES: readonly string[] = [
  '',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGEMT',
  'SIGFPE',
  'SIGKILL',
  'SIGBUS',
  'SIGSEGV',
  'SIGSYS',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGURG',
  'SIGSTOP',
  'SIGTSTP',
  'SIGCONT',
  'SIGCHLD',
  'SIGTTIN',
  'SIGTTOU',
  'SIGIO',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGINFO',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPWR',
];

export const SIG_DFL = 0;
export const SIG_IGN = 1;

/** A program's handler; it runs on the LWP that takes the signal, and may make system calls. */
export type SigHandler = (sig: number) => MaySleep<unknown>;

/** Flags of sigaction(2). */
export const SA_RESETHAND = 0x0004;
export const SA_NODEFER = 0x0010;

/** Ways of sigprocmask(2). */
export const SIG_BLOCK = 1;
export const SIG_UNBLOCK = 2;
export const SIG_SETMASK = 3;

/** struct sigaction. */
export interface SigAction {
  readonly handler: SigHandler | 0 | 1;
  /** Signals blocked while the handler runs. */
  readonly mask: number;
  readonly flags: number;
}

/** The set with one signal in it. */
export function sigmask(sig: number): number {
  return 1 << (sig - 1);
}

/** Whether a set has a signal in it. */
export function sigismember(set: number, sig: number): boolean {
  return (set & sigmask(sig)) !== 0;
}

/** The lowest signal of a set; 0 when it is empty. */
export function firstsig(set: number): number {
  return set === 0 ? 0 : 32 - Math.clz32(set & -set);
}

/** What cannot be blocked, caught or ignored. */
export const SIGCANTMASK = sigmask(SIGKILL) | sigmask(SIGSTOP);

/** Signals whose default action is to do nothing; job control's stops are among them here. */
export const SIGDFLIGN =
  sigmask(SIGURG) |
  sigmask(SIGCONT) |
  sigmask(SIGCHLD) |
  sigmask(SIGIO) |
  sigmask(SIGWINCH) |
  sigmask(SIGINFO) |
  sigmask(SIGPWR) |
  sigmask(SIGSTOP) |
  sigmask(SIGTSTP) |
  sigmask(SIGTTIN) |
  sigmask(SIGTTOU);
