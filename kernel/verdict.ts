/**
 * Verdicts: how a run ended, by a stable name that every tool uses.
 */

export const VERDICTS = [
  'passed',
  'panic',
  'kassert',
  'trap',
  'reboot',
  'deadlock',
  'lost-wakeup',
  'lock-order',
  'data-race',
  'use-after-free',
  'leak',
  'watchdog',
  'timeout',
  'stack-overflow',
  'invariant',
  'program-error',
] as const;

/**
 * passed          the program returned
 * panic           panic(9)
 * kassert         a KASSERT(9) did not hold
 * trap            a JavaScript exception in kernel code
 * reboot          the kernel was rebooted or halted by reboot(2)
 * deadlock        LWPs wait for each other in a cycle
 * lost-wakeup     nothing can ever run again, and there is no cycle
 * lock-order      two locks are taken in both orders
 * data-race       two unordered accesses, one of them a write
 * use-after-free  a freed object was used
 * leak            memory was still allocated at halt
 * watchdog        the watchdog timer was not tickled
 * timeout         the statement budget is spent
 * stack-overflow  calls nest deeper than the kernel's own limit
 * invariant       a declared invariant did not hold
 * program-error   an assertion or an uncaught error of the program
 */
export type Verdict = (typeof VERDICTS)[number];

/** Whether a text is the name of a verdict. */
export function isVerdict(name: string): name is Verdict {
  return (VERDICTS as readonly string[]).includes(name);
}
