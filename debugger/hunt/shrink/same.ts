/**
 * Whether two runs fail in the same way.
 *
 * Where a detector ended the run, its report's signature says so. Any other failure is known by its
 * verdict, by its message without numbers, and by the statement that threw; a cycle or a list of
 * sleepers may be told in another order.
 */

import type { Outcome, Report } from '../../../kernel/index.ts';

/** The same for failures that are the same. */
export function failureKey(outcome: Outcome, reports: readonly Report[]): string {
  const { verdict, message, site } = outcome;
  const report = reports.find((one) => one.verdict === verdict && one.message === message);
  if (report !== undefined) return report.signature;
  const words = message.replace(/0x[0-9a-f]+|\d+/g, '#');
  if (verdict === 'timeout') return verdict;
  if (verdict === 'deadlock' || verdict === 'lost-wakeup') {
    const clauses = new Set(words.split(/: |, |; /));
    return `${verdict} ${[...clauses].sort().join(', ')}`;
  }
  const thrown = verdict === 'trap' || verdict === 'program-error';
  return thrown ? `${verdict} ${words} @${site}` : `${verdict} ${words}`;
}
