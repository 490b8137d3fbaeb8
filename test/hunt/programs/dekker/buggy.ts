/**
 * Dekker's algorithm, in its first and wrong version: Dijkstra, "Cooperating sequential processes"
 * (EWD123, 1965), section 2.1; CHESS has one too.
 *
 * Bug      A thread looks at the other's flag first, and raises its own then.
 * Needs    One preemption, between the look and the store.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  program,
} from 'rumpus';
import { Section, visit } from '../critical.ts';
import { lwps } from '../kit.ts';

class Dekker {
  readonly wants = [new AtomicUint(0), new AtomicUint(0)];
  readonly turn = new AtomicUint(0);
}

function* enter(lock: Dekker, me: number): Generator<void, void, void> {
  while (atomic_load_acquire(lock.wants[1 - me]) === 1);
  atomic_store_release(lock.wants[me], 1);
}

function* leave(lock: Dekker, me: number): Generator<void, void, void> {
  atomic_store_release(lock.turn, 1 - me);
  atomic_store_release(lock.wants[me], 0);
}

function* contend(lock: Dekker, section: Section, me: number): Generator<void, void, void> {
  yield* enter(lock, me);
  yield* visit(section, `thread ${me}`);
  yield* leave(lock, me);
}

const expect = expectVerdict('program-error', /mutual exclusion: thread \d comes in while/);

export default program({ components: [], expect }, function* main() {
  const lock = new Dekker();
  const section = new Section();
  yield* lwps({
    zero: () => contend(lock, section, 0),
    one: () => contend(lock, section, 1),
  });
});
