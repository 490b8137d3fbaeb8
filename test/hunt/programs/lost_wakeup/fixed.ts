/** A sleeper that looks again under the mutex, before and after it sleeps. */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  cv_init,
  cv_signal,
  cv_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Event {
  readonly mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'event');
  readonly cv = cv_init('event');
  readonly happened = new AtomicUint(0);
}

function* sleeper(event: Event): Generator<void, void, void> {
  if (atomic_load_acquire(event.happened) === 1) return;
  yield* mutex_enter(event.mutex);
  while (atomic_load_acquire(event.happened) === 0) yield* cv_wait(event.cv, event.mutex);
  mutex_exit(event.mutex);
}

function* waker(event: Event): Generator<void, void, void> {
  atomic_store_release(event.happened, 1);
  yield* mutex_enter(event.mutex);
  cv_signal(event.cv);
  mutex_exit(event.mutex);
}

export default program({ components: [] }, function* main() {
  const event = new Event();
  yield* lwps({ sleeper: () => sleeper(event), waker: () => waker(event) });
});
