/** A group to which workers are added before they are started. */

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

class WaitGroup {
  readonly lock = pthread_mutex_init('group');
  readonly zero = pthread_cond_init('group zero');
  count = 0;
  /** What the workers have found, guarded by `lock` as well. */
  readonly results: number[] = [];
}

function* add(wg: WaitGroup, delta: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(wg.lock);
  wg.count += delta;
  if (wg.count === 0) yield* pthread_cond_broadcast(wg.zero);
  yield* pthread_mutex_unlock(wg.lock);
}

function* wait(wg: WaitGroup): Generator<void, number, void> {
  yield* pthread_mutex_lock(wg.lock);
  while (wg.count > 0) yield* pthread_cond_wait(wg.zero, wg.lock);
  const { length } = wg.results;
  yield* pthread_mutex_unlock(wg.lock);
  return length;
}

function* worker(wg: WaitGroup): Generator<void, void, void> {
  yield* pthread_mutex_lock(wg.lock);
  wg.results.push(wg.results.length);
  yield* pthread_mutex_unlock(wg.lock);
  yield* add(wg, -1);
}

function* look(wg: WaitGroup): Generator<void, void, void> {
  const results = yield* wait(wg);
  if (results !== 2) throw new Error(`wait group: ${results} results of 2`);
}

export default program({ components: [] }, function* main() {
  const wg = new WaitGroup();
  yield* add(wg, 2);
  yield* threads({ look: () => look(wg), ...several('worker', 2, () => worker(wg)) });
});
