/** pbzip2, where the consumer is waited for before anything is destroyed. */

import {
  cv_broadcast,
  cv_init,
  cv_wait,
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

export default program({ components: [] }, function* main() {
  const l = curlwp();
  const fifo = new Fifo();
  const other = lwp_create(l.proc, consumer, fifo, 'consumer');
  lwp_start(other);
  yield* mutex_enter(fifo.mutex);
  while (fifo.blocks.length > 0) yield* cv_wait(fifo.drained, fifo.mutex);
  mutex_exit(fifo.mutex);
  void (yield* lwp_wait(l, other.lid));
  mutex_destroy(fifo.mutex);
});
