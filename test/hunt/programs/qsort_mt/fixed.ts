/** qsort_mt, where a worker's state is read and written under its own lock. */

import { program, pthread_mutex_lock, pthread_mutex_unlock } from 'rumpus';
import { run } from './run.ts';
import type { Pool, Worker } from './sort.ts';

/** The first idle worker, locked. */
function* lockIdle(pool: Pool): Generator<void, Worker | undefined, void> {
  for (const worker of pool.workers) {
    yield* pthread_mutex_lock(worker.lock);
    if (worker.state === 'idle') return worker;
    yield* pthread_mutex_unlock(worker.lock);
  }
  return undefined;
}

function* allocate(pool: Pool): Generator<void, Worker | undefined, void> {
  yield* pthread_mutex_lock(pool.lock);
  const worker = yield* lockIdle(pool);
  if (worker !== undefined) {
    pool.idle--;
    worker.state = 'work';
  }
  yield* pthread_mutex_unlock(pool.lock);
  return worker;
}

export default program({ components: [] }, function* main() {
  yield* run(allocate);
});
