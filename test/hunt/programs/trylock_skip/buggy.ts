/**
 * pthread_mutex_trylock(3) where the work cannot be left: what is skipped is never done.
 *
 * Bug      Who does not get the lock at once goes on without counting.
 * Needs    One preemption, while the other holds the lock. No data race.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_trylock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

class Statistics {
  readonly lock: PthreadMutex = pthread_mutex_init('statistics');
  requests = 0;
}

function* count(statistics: Statistics): Generator<void, void, void> {
  if (pthread_mutex_trylock(statistics.lock) !== undefined) return;
  statistics.requests++;
  yield* pthread_mutex_unlock(statistics.lock);
}

const expect = expectVerdict('program-error', /trylock: \d of 3 requests are counted/);

export default program({ components: [], expect }, function* main() {
  const statistics = new Statistics();
  yield* threads(several('request', 3, () => count(statistics)));
  const { requests } = statistics;
  if (requests !== 3) throw new Error(`trylock: ${requests} of 3 requests are counted`);
});
