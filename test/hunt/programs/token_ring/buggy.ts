/**
 * token_ring of the CS benchmarks (SCTBench): each of three threads takes over the value of the one
 * before it, a fourth compares when all have done so.
 *
 * Bug      Nothing makes them take their turns in the order of the ring. Each step is atomic.
 * Needs    One ordering: two steps the wrong way round, and the comparison last.
 */

import {
  expectVerdict,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Ring {
  readonly lock = pthread_mutex_init('ring');
  readonly values = [1, 2, 1];
  readonly passed = [false, false, false];
}

function* first(ring: Ring): Generator<void, void, void> {
  yield* pthread_mutex_lock(ring.lock);
  ring.values[0] = (ring.values[2] + 1) % 4;
  ring.passed[0] = true;
  yield* pthread_mutex_unlock(ring.lock);
}

function* next(ring: Ring, at: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(ring.lock);
  ring.values[at] = ring.values[at - 1];
  ring.passed[at] = true;
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

const expect = expectVerdict('program-error', /token ring: the values are/);

export default program({ components: [], expect }, function* main() {
  const ring = new Ring();
  yield* threads({
    three: () => next(ring, 2),
    one: () => first(ring),
    compare: () => compare(ring),
    two: () => next(ring, 1),
  });
});
