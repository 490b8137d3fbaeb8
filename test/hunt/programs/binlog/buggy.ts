/**
 * MySQL's binary log, bug 791: figure 2 of Lu and others, "Learning from mistakes" (ASPLOS 2008).
 *
 * Bug      A rotation closes the log and opens it again in two critical sections; what is committed
 *          in between finds it closed and is not logged.
 * Needs    One preemption, between closing and opening. No data race.
 */

import {
  expectVerdict,
  program,
  RW_READER,
  RW_WRITER,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
} from 'rumpus';
import { lwps } from '../kit.ts';

class BinaryLog {
  readonly lock = rw_obj_alloc('log');
  open = true;
  readonly files: string[][] = [[]];
}

function* close(log: BinaryLog): Generator<void, void, void> {
  yield* rw_enter(log.lock, RW_WRITER);
  log.open = false;
  rw_exit(log.lock);
}

function* reopen(log: BinaryLog): Generator<void, void, void> {
  yield* rw_enter(log.lock, RW_WRITER);
  log.files.push([]);
  log.open = true;
  rw_exit(log.lock);
}

function* rotate(log: BinaryLog): Generator<void, void, void> {
  yield* close(log);
  yield* reopen(log);
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

const expect = expectVerdict('program-error', /binlog: a commit is not logged/);

export default program({ components: [], expect }, function* main() {
  const log = new BinaryLog();
  yield* lwps({ rotate: () => rotate(log), commit: () => commit(log) });
  if ((yield* look(log)) !== 1) throw new Error('binlog: a commit is not logged');
});
