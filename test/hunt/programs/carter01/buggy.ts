/**
 * carter01 of the CS benchmarks (SCTBench): two classes of users exclude each other, as readers
 * exclude writers; the first of a class takes a lock, the last one leaves it.
 *
 * Bug      The first of the second class waits for the lock with the mutex held that the first
 *          class needs to leave.
 * Needs    One preemption: while the first class is inside.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Users {
  readonly mutex: PthreadMutex;
  /** Guarded by `mutex`. */
  inside = 0;

  constructor(mutex: PthreadMutex) {
    this.mutex = mutex;
  }
}

function* use(users: Users, other: PthreadMutex): Generator<void, void, void> {
  yield* pthread_mutex_lock(users.mutex);
  users.inside++;
  if (users.inside === 1) yield* pthread_mutex_lock(other);
  yield* pthread_mutex_unlock(users.mutex);
  yield* pthread_mutex_lock(users.mutex);
  users.inside--;
  if (users.inside === 0) yield* pthread_mutex_unlock(other);
  yield* pthread_mutex_unlock(users.mutex);
}

function* nothing(): Generator<void, void, void> {}

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main() {
  const mutex = pthread_mutex_init('m');
  const lock = pthread_mutex_init('l');
  const a = new Users(mutex);
  const b = new Users(mutex);
  yield* threads({
    a1: () => use(a, lock),
    b1: () => use(b, lock),
    a2: nothing,
    b2: nothing,
  });
});
