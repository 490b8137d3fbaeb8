/** A panic after enough turns that the engine has optimised a generator, and dropped its locals. */

import { panic, program, type Sys } from 'rumpus';

class Table {
  readonly rows: number[] = [];
}

function* fill(sys: Sys, table: Table, turns: number): Generator<void, number, void> {
  const first = { pid: yield* sys.getpid() };
  const names = ['a', 'b'];
  const missing = names.find((name) => name === 'c');
  for (let turn = 0; turn < turns; turn++) {
    const pid = yield* sys.getpid();
    if (pid !== first.pid || missing !== undefined) return names.length;
    table.rows[turn & 7] = pid;
  }
  panic('the table is full');
}

export default program({ components: [], ncpu: 1 }, function* main(sys: Sys) {
  const table = new Table();
  yield* fill(sys, table, 20_000);
});
