/**
 * Which failures are one bug: those with one verdict, one place and one sentence, whatever numbers
 * are in it.
 */

import { siteTable, type Verdict } from '../../kernel/index.ts';

/** Verdicts whose site is not that of the bug: of what was thrown it is the last stop before. */
const PLACELESS: ReadonlySet<Verdict> = new Set<Verdict>(['deadlock', 'program-error', 'trap']);

/** The same for the same bug in other schedules. `site` is where the run failed; 0 if not known. */
export function signatureOf(verdict: Verdict, message: string, site: number): string {
  // Who closes a cycle differs from run to run: a deadlock is its set of waits.
  const text = message.replace(/\d+/g, '#').split('; ').sort().join('; ');
  const position = PLACELESS.has(verdict) ? undefined : siteTable.position(site);
  const place = position === undefined ? '' : ` at ${position.path}:${position.lineBase1}`;
  return `${verdict}${place}: ${text}`;
}
