/**
 * Upgrading a readers/writer lock: rwlock(9) says why rw_tryupgrade() may fail, and
 * ReentrantReadWriteLock why it has no upgrade at all. The lock is made of a mutex and a condition.
 *
 * Bug      Two readers both wait to be the only one.
 * Needs    One preemption: both read before either upgrades.
 */

import {
  cv_broadcast,
  cv_init,
  cv_wait,
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Table {
  readonly mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'table');
  readonly changed = cv_init('readers');
  readers = 0;
  /** Guarded by being the only reader. */
  entries = 0;
}

function* readEnter(table: Table): Generator<void, void, void> {
  yield* mutex_enter(table.mutex);
  table.readers++;
  mutex_exit(table.mutex);
}

/** Waits until the caller is the only reader, and keeps others out by keeping the mutex. */
function* upgrade(table: Table): Generator<void, void, void> {
  yield* mutex_enter(table.mutex);
  while (table.readers > 1) yield* cv_wait(table.changed, table.mutex);
}

function* writeExit(table: Table): Generator<void, void, void> {
  table.readers--;
  cv_broadcast(table.changed);
  mutex_exit(table.mutex);
}

function* insert(table: Table): Generator<void, void, void> {
  yield* readEnter(table);
  yield* upgrade(table);
  table.entries++;
  yield* writeExit(table);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const table = new Table();
  yield* lwps(several('insert', 2, () => insert(table)));
});
