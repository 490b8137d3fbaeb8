/**
 * sync02 of the CS benchmarks (../sync.ts).
 *
 * Bug      The cell starts with two items, so one that is produced is never waited for, and the
 *          producer waits for ever to produce the next.
 * Needs    Nothing: it fails on every schedule, as the original does.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';
import { Cell, consume, produce } from '../sync.ts';

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const cell = new Cell(2);
  yield* threads({ produce: () => produce(cell, 2), consume: () => consume(cell, 2, 1) });
});
