/** MySQL's binary log, rotated in one critical section. */

import { program, RW_READER, RW_WRITER, rw_enter, rw_exit, rw_obj_alloc } from 'rumpus';
import { lwps } from '../kit.ts';

class BinaryLog {
  readonly lock = rw_obj_alloc('log');
  open = true;
  readonly files: string[][] = [[]];
}

function* rotate(log: BinaryLog): Generator<void, void, void> {
  yield* rw_enter(log.lock, RW_WRITER);
  log.open = false;
  log.files.push([]);
  log.open = true;
  rw_exit(log.lock);
}

function* commit(log: BinaryLog): Generator<void, void, void> {
  yield* rw_enter(log.lock, RW_WRITER);
  if (log.open) log.files.at(-1)?.push('insert');
  rw_exit(log.lock);
}

function* look(log: BinaryLog): Generator<void, number, void> {
  yield* rw_enter(log.lock, RW_READER);
  const entries = log.files.flat().length;
  rw_exit(log.lock);
  return entries;
}

export default program({ components: [] }, function* main() {
  const log = new BinaryLog();
  yield* lwps({ rotate: () => rotate(log), commit: () => commit(log) });
  if ((yield* look(log)) !== 1) throw new Error('binlog: a commit is not logged');
});
