/**
 * qsort_mt: Inspect's benchmarks (SCTBench). ./sort.ts says whose it is.
 *
 * Bug      A worker's state becomes "work" under the pool's lock, before the worker's own lock is
 *          taken; a worker that looks just then begins on a range that it was not given yet.
 * Needs    Two orderings: the idle worker looks between the store and the range.
 */

import { expectVerdict, program, pthread_mutex_lock, pthread_mutex_unlock } from 'rumpus';
import { run } from './run.ts';
import type { Pool, Worker } from './sort.ts';

function* allocate(pool: Pool): Generator<void, Worker | undefined, void> {
  yield* pthread_mutex_lock(pool.lock);
  const worker = pool.workers.find(({ state }) => state === 'idle');
  if (worker !== undefined) {
    pool.idle--;
    worker.state = 'work';
    yield* pthread_mutex_lock(worker.lock);
  }
  yield* pthread_mutex_unlock(pool.lock);
  return worker;
}

const expect = expectVerdict('program-error', /qsort: the order is/);

export default program({ components: [], expect }, function* main() {
  yield* run(allocate);
});
