/** A waiter that misses its signal: nothing can ever run again. */

import {
  cv_init,
  cv_signal,
  cv_wait,
  type KCondvar,
  type KMutex,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
  type Sys,
} from 'rumpus';

interface Queue {
  readonly lock: KMutex;
  readonly filled: KCondvar;
  items: number;
}

function consumer(queue: Queue): MaySleep<unknown> {
  return consume(queue);
}

function* consume(queue: Queue): Generator<void, void, void> {
  const wanted = 1;
  yield* mutex_enter(queue.lock);
  yield* cv_wait(queue.filled, queue.lock);
  queue.items -= wanted;
  mutex_exit(queue.lock);
}

export default program({ components: [], ncpu: 1 }, function* main(sys: Sys) {
  const queue: Queue = {
    lock: mutex_obj_alloc(MUTEX_DEFAULT, 'queue'),
    filled: cv_init('filled'),
    items: 0,
  };
  cv_signal(queue.filled);
  const lwp = yield* sys._lwp_create(consumer, queue, 0);
  yield* sys._lwp_wait(lwp);
});
