/** carter01 with a mutex for each class. */

import {
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

export default program({ components: [] }, function* main() {
  const lock = pthread_mutex_init('l');
  const a = new Users(pthread_mutex_init('ma'));
  const b = new Users(pthread_mutex_init('mb'));
  yield* threads({
    a1: () => use(a, lock),
    b1: () => use(b, lock),
    a2: nothing,
    b2: nothing,
  });
});
