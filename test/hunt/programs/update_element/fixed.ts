/** A histogram of each thread's own, added up by who waits for them. */

import { program } from 'rumpus';
import { lwps } from '../kit.ts';

function* fill(histogram: number[], values: readonly number[]): Generator<void, void, void> {
  for (const value of values) histogram[value >> 4]++;
}

export default program({ components: [] }, function* main() {
  const low = [0, 0, 0, 0];
  const high = [0, 0, 0, 0];
  yield* lwps({
    low: () => fill(low, [3, 17, 40]),
    high: () => fill(high, [60, 41, 55]),
  });
  const sum = low.concat(high).reduce((a, b) => a + b);
  if (sum !== 6) throw new Error(`histogram: ${sum} values of 6 are counted`);
});
