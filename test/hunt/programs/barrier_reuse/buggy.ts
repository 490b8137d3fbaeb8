/**
 * A barrier that is used twice: Hensgen, Finkel and Manber, "Two algorithms for barrier
 * synchronization" (1988); Downey's "little book of semaphores" calls the right one reusable.
 *
 * Bug      Waiters wait for the count to be zero again; a fast thread comes back to the barrier and
 *          raises it before a slow one has looked.
 * Needs    One ordering: a woken thread gets the mutex after another has come back with it. That
 *          is what the default schedule does, and many others do not.
 */

import {
  expectVerdict,
  program,
  pthread_cond_broadcast,
  pthread_cond_init,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

const THREADS = 2;
const ROUNDS = 2;

class Barrier {
  readonly lock = pthread_mutex_init('barrier');
  readonly open = pthread_cond_init('barrier open');
  arrived = 0;
}

function* wait(barrier: Barrier): Generator<void, void, void> {
  yield* pthread_mutex_lock(barrier.lock);
  barrier.arrived++;
  if (barrier.arrived === THREADS) {
    barrier.arrived = 0;
    yield* pthread_cond_broadcast(barrier.open);
  } else {
    while (barrier.arrived !== 0) yield* pthread_cond_wait(barrier.open, barrier.lock);
  }
  yield* pthread_mutex_unlock(barrier.lock);
}

function* work(barrier: Barrier): Generator<void, void, void> {
  for (let round = 0; round < ROUNDS; round++) yield* wait(barrier);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const barrier = new Barrier();
  yield* threads(several('worker', THREADS, () => work(barrier)));
});
