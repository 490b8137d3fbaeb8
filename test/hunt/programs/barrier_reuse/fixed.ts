/** A barrier that counts its rounds, so that a waiter knows its own. */

import {
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
  round = 0;
}

function* wait(barrier: Barrier): Generator<void, void, void> {
  yield* pthread_mutex_lock(barrier.lock);
  barrier.arrived++;
  if (barrier.arrived === THREADS) {
    barrier.arrived = 0;
    barrier.round++;
    yield* pthread_cond_broadcast(barrier.open);
  } else {
    const { round } = barrier;
    while (barrier.round === round) yield* pthread_cond_wait(barrier.open, barrier.lock);
  }
  yield* pthread_mutex_unlock(barrier.lock);
}

function* work(barrier: Barrier): Generator<void, void, void> {
  for (let round = 0; round < ROUNDS; round++) yield* wait(barrier);
}

export default program({ components: [] }, function* main() {
  const barrier = new Barrier();
  yield* threads(several('worker', THREADS, () => work(barrier)));
});
