/** Alternatives that are not about who runs, drawn at random. */

import type { Random } from '../random.ts';
import type { ChoiceKind } from './strategy.ts';

/** One place in so many goes wrong: runs in which everything fails show little. */
const FAULT_ODDS = 16;

/** One of `count`: uniform, but faults are rare. */
export function drawAlternative(random: Random, kind: ChoiceKind, count: number): number {
  if (kind !== 'failure') return random.below(count);
  return random.below(FAULT_ODDS) === 0 ? 1 + random.below(count - 1) : 0;
}
