/**
 * Dining philosophers: Dijkstra, EWD310 (1971); in SCTBench as din_phil and diningphil. They do not
 * starve here: each eats once.
 */

import {
  type PthreadMutex,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from './kit.ts';

function* dine(first: PthreadMutex, second: PthreadMutex): Generator<void, void, void> {
  yield* pthread_mutex_lock(first);
  yield* pthread_mutex_lock(second);
  yield* pthread_mutex_unlock(second);
  yield* pthread_mutex_unlock(first);
}

/** `count` philosophers, who all take the left fork first, or the one with the lower number. */
export function* philosophers(
  count: number,
  first: 'left' | 'lowest',
): Generator<void, void, void> {
  const forks = Array.from({ length: count }, (_, i) => pthread_mutex_init(`fork ${i}`));
  yield* threads(
    several('philosopher', count, (i) => {
      const right = (i + 1) % count;
      if (first === 'lowest' && right < i) return dine(forks[right], forks[i]);
      return dine(forks[i], forks[right]);
    }),
  );
}
