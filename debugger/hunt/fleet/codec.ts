/**
 * Results of batches as JSON, on their way through the server. They come from elsewhere, so what is
 * not as it should be is refused.
 */

import type { Report, Verdict } from '../../../kernel/index.ts';
import type { Bug, Found } from '../found.ts';
import type { RangeResult } from '../schedules.ts';

/** Bugs, words of a schedule, and classes that a batch's result has at most. */
const BUGS_MAX = 256;
const WORDS_MAX = 1 << 22;
const CLASSES_MAX = 1 << 14;

/** A range's result. */
export type BatchResult = RangeResult;

export function encodeResult(result: BatchResult): string {
  const bugs = result.bugs.slice(0, BUGS_MAX).map(({ found, times }) => ({
    times,
    found: { ...found, words: [...found.words] },
  }));
  return JSON.stringify({ ...result, bugs, classes: result.classes.slice(0, CLASSES_MAX) });
}

/** Undefined for what is no result. */
export function decodeResult(text: string): BatchResult | undefined {
  try {
    const result = JSON.parse(text) as BatchResult;
    const { schedules, statements, injected, exhausted, bugs, classes } = result;
    if (![schedules, statements, injected].every(isCount)) return undefined;
    if (!isArray(bugs, BUGS_MAX) || !isArray(classes, CLASSES_MAX)) return undefined;
    if (!classes.every((one) => typeof one === 'number')) return undefined;
    return {
      ...{ schedules, statements, injected, classes },
      hints: hintsFrom(result.hints),
      exhausted: exhausted === true,
      bugs: bugs.map(bugFrom),
    };
  } catch {
    return undefined;
  }
}

/** Pairs of texts; anything else is left out. */
function hintsFrom(value: unknown): [string, string][] {
  if (!isArray(value, BUGS_MAX)) return [];
  return value.filter(
    (one): one is [string, string] => isArray(one, 2) && one.every((t) => typeof t === 'string'),
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isArray(value: unknown, max: number): value is unknown[] {
  return Array.isArray(value) && value.length <= max;
}

function bugFrom(value: unknown): Bug {
  const { found, times } = value as Bug;
  if (!isCount(times)) throw new TypeError('times');
  return { found: foundFrom(found), times };
}

function foundFrom(value: Found): Found {
  const { index, seed, verdict, message, lwp, icount, signature, words, reports } = value;
  if (![index, seed, lwp, icount].every(isCount)) throw new TypeError('numbers');
  if (![verdict, message, signature].every((one) => typeof one === 'string')) {
    throw new TypeError('texts');
  }
  const list: unknown = words;
  if (!isArray(list, WORDS_MAX) || !list.every(Number.isInteger)) throw new TypeError('words');
  return {
    ...{ index, seed, message, lwp, icount, signature },
    verdict: verdict as Verdict,
    words: Int32Array.from(list as number[]),
    reports: isArray(reports, BUGS_MAX) ? reports.filter(isReport) : [],
  };
}

function isReport(value: unknown): value is Report {
  const { verdict, detector, message, signature, sides, objectType, object, explanation } =
    value as Report;
  const texts = [verdict, detector, message, signature, objectType, object];
  return (
    texts.every((one) => typeof one === 'string') &&
    Array.isArray(sides) &&
    Array.isArray(explanation)
  );
}
