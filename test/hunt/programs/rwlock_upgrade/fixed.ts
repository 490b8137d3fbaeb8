/** A readers/writer lock whose upgrade may fail, as rw_tryupgrade(9): then one starts again. */

import {
  program,
  RW_READER,
  RW_WRITER,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
  rw_tryupgrade,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Table {
  readonly lock = rw_obj_alloc('table');
  entries = 0;
}

function* insert(table: Table): Generator<void, void, void> {
  yield* rw_enter(table.lock, RW_READER);
  if (!rw_tryupgrade(table.lock)) {
    rw_exit(table.lock);
    yield* rw_enter(table.lock, RW_WRITER);
  }
  table.entries++;
  rw_exit(table.lock);
}

export default program({ components: [] }, function* main() {
  const table = new Table();
  yield* lwps(several('insert', 2, () => insert(table)));
});
