/**
 * Whether two runs fail in the same way.
 *
 * Where a detector ended the run, its report's signature says so. Any other failure is known by its
 * verdict, by its message without numbers, and by the line that threw; a cycle or a list of
 * sleepers may be told in another order.
 */

import { type Outcome, type Report, SysError } from '../../../kernel/index.ts';
import { parseStack } from '../../../tracer/index.ts';
import { placeText } from '../../run/places.ts';

/** The same for failures that are the same. */
export function failureKey(outcome: Outcome, reports: readonly Report[]): string {
  const { verdict, message, error } = outcome;
  const report = reports.find((one) => one.verdict === verdict && one.message === message);
  if (report !== undefined) return report.signature;
  const words = message.replace(/0x[0-9a-f]+|\d+/g, '#');
  if (verdict === 'timeout') return verdict;
  if (verdict === 'deadlock' || verdict === 'lost-wakeup') {
    const clauses = new Set(words.split(/: |, |; /));
    return `${verdict} ${[...clauses].sort().join(', ')}`;
  }
  return `${verdict} ${words}${thrownAt(error)}`;
}

function thrownAt(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SysError) return '';
  const [frame] = parseStack(error.stack ?? '');
  return frame === undefined ? '' : ` at ${placeText(frame)}`;
}
