/**
 * A lost update of an array's element: a histogram that several threads fill.
 *
 * Bug      `histogram[bin]++` reads and writes, with nothing to keep another out in between.
 * Needs    One preemption inside the statement, and both threads at one bin.
 */

import { expectVerdict, program } from 'rumpus';
import { lwps } from '../kit.ts';

function* fill(histogram: number[], values: readonly number[]): Generator<void, void, void> {
  for (const value of values) histogram[value >> 4]++;
}

const expect = expectVerdict('program-error', /histogram: \d values of \d are counted/);

export default program({ components: [], expect }, function* main() {
  const histogram = [0, 0, 0, 0];
  yield* lwps({
    low: () => fill(histogram, [3, 17, 40]),
    high: () => fill(histogram, [60, 41, 55]),
  });
  const sum = histogram.reduce((a, b) => a + b);
  if (sum !== 6) throw new Error(`histogram: ${sum} values of 6 are counted`);
});
