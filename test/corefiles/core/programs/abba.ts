/** Two LWPs take two mutexes in opposite orders, AB-BA, and each has one before it wants two. */

import {
  type KMutex,
  kpause,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
  type Sys,
} from 'rumpus';

interface Pair {
  readonly first: KMutex;
  readonly second: KMutex;
  readonly holdMs: number;
}

function worker(pair: Pair): MaySleep<unknown> {
  return takeBoth(pair);
}

function* takeBoth(pair: Pair): Generator<void, void, void> {
  yield* mutex_enter(pair.first);
  const { holdMs } = pair;
  yield* kpause('hold', 'uninterruptible', holdMs * 1_000_000);
  yield* mutex_enter(pair.second);
  mutex_exit(pair.second);
  mutex_exit(pair.first);
}

export default program({ components: [], ncpu: 2 }, function* main(sys: Sys) {
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const one = yield* sys._lwp_create(worker, { first: a, second: b, holdMs: 1 }, 0);
  const two = yield* sys._lwp_create(worker, { first: b, second: a, holdMs: 2 }, 0);
  yield* sys._lwp_wait(one);
  yield* sys._lwp_wait(two);
});
