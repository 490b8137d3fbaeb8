/**
 * pbzip2 0.9.4: Yu and Narayanasamy, "A case for an interleaving constrained shared-memory
 * multi-processor" (ISCA 2009); Jalbert and others, RADBench (HotPar 2011); SCTBench CB.
 *
 * Bug      The main thread waits until the queue is empty, not until the consumer has ended, and
 *          then destroys the mutex that the consumer is about to take.
 * Needs    One preemption of the consumer, between its last item and its last look.
 */

import {
  cv_broadcast,
  cv_init,
  cv_wait,
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_destroy,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  curlwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  program,
} from 'rumpus';

class Fifo {
  readonly mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'fifo');
  readonly drained = cv_init('drained');
  readonly blocks = [1, 2];
  compressed = 0;
}

function* consumer(fifo: Fifo): Generator<void, void, void> {
  for (;;) {
    yield* mutex_enter(fifo.mutex);
    const block = fifo.blocks.shift();
    if (block !== undefined) fifo.compressed += block;
    if (fifo.blocks.length === 0) cv_broadcast(fifo.drained);
    mutex_exit(fifo.mutex);
    if (block === undefined) return;
  }
}

const expect = expectVerdict('kassert', /mutex fifo is (used after it was|destroyed while)/);

export default program({ components: [], expect }, function* main() {
  const l = curlwp();
  const fifo = new Fifo();
  const other = lwp_create(l.proc, consumer, fifo, 'consumer');
  lwp_start(other);
  yield* mutex_enter(fifo.mutex);
  while (fifo.blocks.length > 0) yield* cv_wait(fifo.drained, fifo.mutex);
  mutex_exit(fifo.mutex);
  mutex_destroy(fifo.mutex);
  void (yield* lwp_wait(l, other.lid));
});
