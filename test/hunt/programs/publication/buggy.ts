/**
 * Publication before initialisation: a slot of a table is filled with an object whose fields are
 * set afterwards; Lu and others (ASPLOS 2008) count it among the order violations.
 *
 * Bug      The reader finds the connection in the table, but not its buffer.
 * Needs    One preemption of the writer, between the two stores.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';

class Connection {
  buffer: Uint8Array | null = null;
}

function* accept(table: (Connection | undefined)[], fd: number): Generator<void, void, void> {
  const connection = new Connection();
  table[fd] = connection;
  connection.buffer = new Uint8Array(64);
}

function* poll(table: (Connection | undefined)[]): Generator<void, void, void> {
  for (let fd = 0; fd < table.length; fd++) {
    const connection = table[fd];
    if (connection === undefined) continue;
    if (connection.buffer === null) {
      throw new Error(`publication: connection ${fd} has no buffer yet`);
    }
  }
}

const expect = expectVerdict('program-error', /publication: connection \d has no buffer yet/);

export default program({ components: [], expect }, function* main() {
  const table: (Connection | undefined)[] = [undefined, undefined];
  yield* threads({ accept: () => accept(table, 1), poll: () => poll(table) });
});
