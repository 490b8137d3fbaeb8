/**
 * Lost wakeup: Birrell, "An introduction to programming with threads" (SRC 35, 1989); condvar(9)
 * says that the condition is tested under the mutex.
 *
 * Bug      The sleeper looks at the condition without the mutex, and takes it to sleep only; the
 *          signal comes in between and wakes nobody.
 * Needs    One preemption, between the look and cv_wait().
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  cv_init,
  cv_signal,
  cv_wait,
  expectVerdict,
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
  yield* cv_wait(event.cv, event.mutex);
  mutex_exit(event.mutex);
}

function* waker(event: Event): Generator<void, void, void> {
  atomic_store_release(event.happened, 1);
  yield* mutex_enter(event.mutex);
  cv_signal(event.cv);
  mutex_exit(event.mutex);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const event = new Event();
  yield* lwps({ sleeper: () => sleeper(event), waker: () => waker(event) });
});
