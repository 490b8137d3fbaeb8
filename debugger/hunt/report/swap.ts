/** "The same run with lines 7 and 8 swapped passes": the headline of a shrunk schedule. */

import { scheduleText } from '../shrink/text.ts';
import type { Pair } from './compare.ts';
import type { Rows } from './rowreports.ts';
import type { SwapReport } from './types.ts';

/** What the nearest passing schedule does otherwise; `sentence` is what shrinking says of it. */
export function swapOf(
  pair: Pair | undefined,
  rows: Rows,
  passing: Int32Array | null,
  sentence: string,
): SwapReport | null {
  if (passing === null) return null;
  const schedule = scheduleText(passing);
  const first = pair === undefined ? 0 : rows.of(pair.first);
  const second = pair === undefined ? 0 : rows.of(pair.second);
  const inRows = sentenceOf(first, second);
  return { first, second, sentence: inRows || sentence || otherwise(schedule), schedule };
}

function sentenceOf(first: number, second: number): string {
  if (first > 0 && second === first + 1) {
    return `The same run with lines ${first} and ${second} swapped passes.`;
  }
  if (first > 0 && second > first) {
    return `The same run passes when line ${second} comes before line ${first}.`;
  }
  return '';
}

function otherwise(schedule: string): string {
  if (schedule === '') return 'The same run without any of these switches passes.';
  return `The nearest run that passes has the schedule ${schedule}.`;
}
