/** phase01, where the first phase ends. */

import {
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

function* phases(x: PthreadMutex, y: PthreadMutex): Generator<void, void, void> {
  yield* pthread_mutex_lock(x);
  yield* pthread_mutex_unlock(x);
  yield* pthread_mutex_lock(x);
  yield* pthread_mutex_unlock(x);
  yield* pthread_mutex_lock(y);
  yield* pthread_mutex_unlock(y);
  yield* pthread_mutex_lock(y);
  yield* pthread_mutex_unlock(y);
}

export default program({ components: [] }, function* main() {
  const x = pthread_mutex_init('x');
  const y = pthread_mutex_init('y');
  yield* threads(several('phases', 2, () => phases(x, y)));
});
