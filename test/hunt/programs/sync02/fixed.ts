/** sync02, where the cell starts empty. */

import { program } from 'rumpus';
import { threads } from '../kit.ts';
import { Cell, consume, produce } from '../sync.ts';

export default program({ components: [] }, function* main() {
  const cell = new Cell(0);
  yield* threads({ produce: () => produce(cell, 2), consume: () => consume(cell, 2, 1) });
});
