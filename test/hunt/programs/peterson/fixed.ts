/** Peterson's algorithm: a thread raises its flag, and then offers the turn. */

import { AtomicUint, atomic_load_acquire, atomic_store_release, preempt, program } from 'rumpus';
import { Section, visit } from '../critical.ts';
import { threads } from '../kit.ts';

class Peterson {
  readonly flags = [new AtomicUint(0), new AtomicUint(0)];
  readonly turn = new AtomicUint(0);
}

function* enter(lock: Peterson, me: number): Generator<void, void, void> {
  const other = 1 - me;
  atomic_store_release(lock.flags[me], 1);
  atomic_store_release(lock.turn, other);
  for (;;) {
    if (atomic_load_acquire(lock.flags[other]) === 0) return;
    if (atomic_load_acquire(lock.turn) === me) return;
    yield* preempt();
  }
}

function* leave(lock: Peterson, me: number): Generator<void, void, void> {
  atomic_store_release(lock.flags[me], 0);
}

function* contend(lock: Peterson, section: Section, me: number): Generator<void, void, void> {
  yield* enter(lock, me);
  yield* visit(section, `thread ${me}`);
  yield* leave(lock, me);
}

export default program({ components: [] }, function* main() {
  const lock = new Peterson();
  const section = new Section();
  yield* threads({
    zero: () => contend(lock, section, 0),
    one: () => contend(lock, section, 1),
  });
});
