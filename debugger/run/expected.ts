/**
 * Whether a verdict is the one that was asked for.
 */

import type { Expectation } from '../../kernel/index.ts';

export interface Judgement {
  /** The run ended as it should: `passed`, or the verdict that was expected. */
  readonly ok: boolean;
  /** What to say about it; '' when there is nothing to say. */
  readonly note: string;
}

/** Judges a verdict against what the program expects of itself. */
export function judge(
  verdict: string,
  message: string,
  expectation: Expectation | undefined,
): Judgement {
  if (expectation === undefined) return { ok: verdict === 'passed', note: '' };
  const { verdict: wanted, message: pattern, bug } = expectation;
  const name = bug === undefined ? wanted : `${wanted} (known bug ${bug})`;
  if (verdict !== wanted) {
    const seems = bug !== undefined && verdict === 'passed' ? '; it seems to be fixed' : '';
    return { ok: false, note: `expected ${name}, got ${verdict}${seems}` };
  }
  if (pattern !== undefined && !pattern.test(message)) {
    return { ok: false, note: `expected ${name} with a message like ${pattern}, got '${message}'` };
  }
  return { ok: true, note: `expected: ${name}` };
}
