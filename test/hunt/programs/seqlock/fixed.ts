/** Sequence lock, whose reader reads again when the number has changed. */

import {
  AtomicUint,
  atomic_inc_uint,
  atomic_load_acquire,
  atomic_load_relaxed,
  atomic_store_relaxed,
  preempt,
  program,
} from 'rumpus';
import { threads } from '../kit.ts';

class Seqlock {
  readonly sequence = new AtomicUint(0);
  readonly a = new AtomicUint(0);
  readonly b = new AtomicUint(0);
}

function* write(lock: Seqlock, value: number): Generator<void, void, void> {
  atomic_inc_uint(lock.sequence);
  atomic_store_relaxed(lock.a, value);
  atomic_store_relaxed(lock.b, value);
  atomic_inc_uint(lock.sequence);
}

function* even(lock: Seqlock): Generator<void, number, void> {
  for (;;) {
    const sequence = atomic_load_acquire(lock.sequence);
    if ((sequence & 1) === 0) return sequence;
    yield* preempt();
  }
}

function* read(lock: Seqlock): Generator<void, void, void> {
  let a: number;
  let b: number;
  let before: number;
  do {
    before = yield* even(lock);
    a = atomic_load_relaxed(lock.a);
    b = atomic_load_relaxed(lock.b);
  } while (atomic_load_acquire(lock.sequence) !== before);
  if (a !== b) throw new Error(`seqlock: ${a} is read along with ${b}`);
}

function* twice(body: (value: number) => Generator<void, void, void>) {
  yield* body(1);
  yield* body(2);
}

export default program({ components: [] }, function* main() {
  const lock = new Seqlock();
  yield* threads({
    write: () => twice((value) => write(lock, value)),
    read: () => twice(() => read(lock)),
  });
});
