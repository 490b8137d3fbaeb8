/** sync01, where the consumer takes what is in the cell. */

import { program } from 'rumpus';
import { threads } from '../kit.ts';
import { Cell, consume, produce } from '../sync.ts';

export default program({ components: [] }, function* main() {
  const cell = new Cell(1);
  yield* threads({ produce: () => produce(cell, 1), consume: () => consume(cell, 1, 1) });
});
