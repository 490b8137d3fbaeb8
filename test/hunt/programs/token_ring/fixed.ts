/** token_ring, where a thread waits for the one before it. */

import {
  program,
  pthread_cond_broadcast,
  pthread_cond_init,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Ring {
  readonly lock = pthread_mutex_init('ring');
  readonly turn = pthread_cond_init('turn');
  readonly values = [1, 2, 1];
  readonly passed = [false, false, false];
}

function* first(ring: Ring): Generator<void, void, void> {
  yield* pthread_mutex_lock(ring.lock);
  ring.values[0] = (ring.values[2] + 1) % 4;
  ring.passed[0] = true;
  yield* pthread_cond_broadcast(ring.turn);
  yield* pthread_mutex_unlock(ring.lock);
}

function* next(ring: Ring, at: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(ring.lock);
  while (!ring.passed[at - 1]) yield* pthread_cond_wait(ring.turn, ring.lock);
  ring.values[at] = ring.values[at - 1];
  ring.passed[at] = true;
  yield* pthread_cond_broadcast(ring.turn);
  yield* pthread_mutex_unlock(ring.lock);
}

function* compare(ring: Ring): Generator<void, void, void> {
  yield* pthread_mutex_lock(ring.lock);
  const { values, passed } = ring;
  if (passed.every((has) => has) && !values.every((value) => value === values[0])) {
    throw new Error(`token ring: the values are ${values.join(', ')}`);
  }
  yield* pthread_mutex_unlock(ring.lock);
}

export default program({ components: [] }, function* main() {
  const ring = new Ring();
  yield* threads({
    three: () => next(ring, 2),
    one: () => first(ring),
    compare: () => compare(ring),
    two: () => next(ring, 1),
  });
});
