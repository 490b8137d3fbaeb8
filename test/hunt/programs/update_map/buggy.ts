/**
 * A lost update of a map's entry: "get, add, set" as a single statement.
 *
 * Bug      Two threads count words into one Map without a lock.
 * Needs    One preemption between get() and set(), which is inside a statement.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';

function* count(words: Map<string, number>, text: string): Generator<void, void, void> {
  for (const word of text.split(' ')) words.set(word, (words.get(word) ?? 0) + 1);
}

const expect = expectVerdict('program-error', /map: "to" is counted \d times/);

export default program({ components: [], expect }, function* main() {
  const words = new Map<string, number>();
  yield* threads({
    one: () => count(words, 'to be'),
    two: () => count(words, 'to do'),
  });
  const times = words.get('to');
  if (times !== 2) throw new Error(`map: "to" is counted ${times} times`);
});
