/** Exception filters: what a client shows as boxes to tick. One a verdict, then errnos and throws. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import { VERDICTS } from '../../kernel/index.ts';

export const ERRNO_FILTER = 'errno';
export const THROW_FILTER = 'throw';

/** Verdicts at which a run can stop. */
export const FAILURES: readonly string[] = VERDICTS.filter((verdict) => verdict !== 'passed');

const WHAT: Readonly<Record<string, string>> = {
  panic: 'panic(9)',
  kassert: 'a KASSERT(9) that does not hold',
  trap: 'a JavaScript exception in kernel code',
  reboot: 'the kernel is rebooted or halted',
  deadlock: 'LWPs wait for each other in a cycle',
  'lost-wakeup': 'nothing can ever run again, and there is no cycle',
  'lock-order': 'two locks are taken in both orders',
  'data-race': 'two unordered accesses, one of them a write',
  'use-after-free': 'a freed object is used',
  leak: 'memory is still allocated at halt',
  watchdog: 'the watchdog timer is not tickled',
  timeout: 'the statement budget is spent',
  'stack-overflow': "calls nest deeper than the kernel's limit",
  invariant: 'a declared invariant does not hold',
  'program-error': 'an assertion or an uncaught error of the program',
};

function verdictFilter(verdict: string): DebugProtocol.ExceptionBreakpointsFilter {
  const description = WHAT[verdict] ?? verdict;
  return { filter: verdict, label: `Verdict: ${verdict}`, description, default: true };
}

export const EXCEPTION_FILTERS: readonly DebugProtocol.ExceptionBreakpointsFilter[] = [
  ...FAILURES.map(verdictFilter),
  {
    filter: ERRNO_FILTER,
    label: 'Errno made',
    description: 'Stops at the statement that makes an errno: where it comes from.',
    supportsCondition: true,
    conditionDescription: 'Names such as EINVAL, ENOENT; all when empty',
  },
  {
    filter: THROW_FILTER,
    label: 'Throw',
    description: 'Stops where a JavaScript exception is thrown, caught or not.',
    supportsCondition: true,
    conditionDescription: 'kernel (when empty) or all',
  },
];
