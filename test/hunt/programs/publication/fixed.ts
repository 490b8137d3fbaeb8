/** A connection that is complete when it goes into the table, which a readers/writer lock guards. */

import {
  program,
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_unlock,
  pthread_rwlock_wrlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Connection {
  readonly buffer = new Uint8Array(64);
}

class Table {
  readonly lock = pthread_rwlock_init('table');
  readonly connections: (Connection | undefined)[] = [undefined, undefined];
}

function* accept(table: Table, fd: number): Generator<void, void, void> {
  const connection = new Connection();
  yield* pthread_rwlock_wrlock(table.lock);
  table.connections[fd] = connection;
  yield* pthread_rwlock_unlock(table.lock);
}

function* poll(table: Table): Generator<void, void, void> {
  yield* pthread_rwlock_rdlock(table.lock);
  for (const connection of table.connections) {
    if (connection?.buffer.length === 0) throw new Error('publication: a buffer is empty');
  }
  yield* pthread_rwlock_unlock(table.lock);
}

export default program({ components: [] }, function* main() {
  const table = new Table();
  yield* threads({
    accept: () => accept(table, 1),
    poll: () => poll(table),
    poll2: () => poll(table),
  });
});
