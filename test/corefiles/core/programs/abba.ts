/** Two LWPs take two mutexes in opposite orders: AB-BA. */

import {
  type MaySleep,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  MUTEX_DEFAULT,
  type KMutex,
  program,
  type Sys,
} from 'rumpus';

interface Pair {
  readonly first: KMutex;
  readonly second: KMutex;
  taken: number;
}

function worker(pair: Pair): MaySleep<unknown> {
  return takeBoth(pair);
}

function* takeBoth(pair: Pair): Generator<void, void, void> {
  for (let round = 0; round < 100; round++) {
    yield* mutex_enter(pair.first);
    pair.taken++;
    yield* mutex_enter(pair.second);
    mutex_exit(pair.second);
    mutex_exit(pair.first);
  }
}

export default program({ components: [], ncpu: 2 }, function* main(sys: Sys) {
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const one = yield* sys._lwp_create(worker, { first: a, second: b, taken: 0 }, 0);
  const two = yield* sys._lwp_create(worker, { first: b, second: a, taken: 0 }, 0);
  yield* sys._lwp_wait(one);
  yield* sys._lwp_wait(two);
});
