/**
 * phase01 of the CS benchmarks (SCTBench).
 *
 * Bug      A thread ends with a mutex held, which the next one waits for.
 * Needs    Nothing: it fails on every schedule, as the original does.
 */

import {
  expectVerdict,
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
  // Here the first phase should end.
  yield* pthread_mutex_lock(y);
  yield* pthread_mutex_unlock(y);
  yield* pthread_mutex_lock(y);
  yield* pthread_mutex_unlock(y);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const x = pthread_mutex_init('x');
  const y = pthread_mutex_init('y');
  yield* threads(several('phases', 2, () => phases(x, y)));
});
