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
  const name = nameOf(expectation);
  if (verdict !== wanted) {
    const seems = bug !== undefined && verdict === 'passed' ? '; it seems to be fixed' : '';
    return { ok: false, note: `expected ${name}, got ${verdict}${seems}` };
  }
  if (pattern !== undefined && !pattern.test(message)) {
    return { ok: false, note: `expected ${name} with a message like ${pattern}, got '${message}'` };
  }
  return { ok: true, note: `expected: ${name}` };
}

/** Judges a hunt in which every schedule passed: a verdict that was expected never occurred. */
export function judgeNothingFound(expectation: Expectation | undefined): Judgement {
  if (expectation === undefined || expectation.verdict === 'passed') return { ok: true, note: '' };
  const fixed = expectation.bug === undefined ? '' : '; it seems to be fixed';
  return { ok: false, note: `expected ${nameOf(expectation)}, which never occurred${fixed}` };
}

function nameOf({ verdict, bug }: Expectation): string {
  return bug === undefined ? verdict : `${verdict} (known bug ${bug})`;
}
