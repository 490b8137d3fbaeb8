/**
 * Dekker's algorithm as it was published. It spins, with nothing but atomic loads to stop it.
 */

import { AtomicUint, atomic_load_acquire, atomic_store_release, program } from 'rumpus';
import { Section, visit } from '../critical.ts';
import { lwps } from '../kit.ts';

class Dekker {
  readonly wants = [new AtomicUint(0), new AtomicUint(0)];
  readonly turn = new AtomicUint(0);
}

function* enter(lock: Dekker, me: number): Generator<void, void, void> {
  atomic_store_release(lock.wants[me], 1);
  while (atomic_load_acquire(lock.wants[1 - me]) === 1) {
    if (atomic_load_acquire(lock.turn) === me) continue;
    atomic_store_release(lock.wants[me], 0);
    while (atomic_load_acquire(lock.turn) !== me);
    atomic_store_release(lock.wants[me], 1);
  }
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

export default program({ components: [] }, function* main() {
  const lock = new Dekker();
  const section = new Section();
  yield* lwps({
    zero: () => contend(lock, section, 0),
    one: () => contend(lock, section, 1),
  });
});
