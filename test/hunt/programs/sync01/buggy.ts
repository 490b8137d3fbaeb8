/**
 * sync01 of the CS benchmarks (../sync.ts).
 *
 * Bug      The consumer does not take what is in the cell, so the producer waits for ever.
 * Needs    Nothing: it fails on every schedule, as the original does.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';
import { Cell, consume, produce } from '../sync.ts';

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const cell = new Cell(1);
  yield* threads({ produce: () => produce(cell, 1), consume: () => consume(cell, 1, 0) });
});
