/** Requests that are counted by who waits for the lock. */

import {
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

class Statistics {
  readonly lock: PthreadMutex = pthread_mutex_init('statistics');
  requests = 0;
}

function* count(statistics: Statistics): Generator<void, void, void> {
  yield* pthread_mutex_lock(statistics.lock);
  statistics.requests++;
  yield* pthread_mutex_unlock(statistics.lock);
}

export default program({ components: [] }, function* main() {
  const statistics = new Statistics();
  yield* threads(several('request', 3, () => count(statistics)));
  const { requests } = statistics;
  if (requests !== 3) throw new Error(`trylock: ${requests} of 3 requests are counted`);
});
