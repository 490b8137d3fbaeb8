/** A thread that waits until its creator has stored it. */

import {
  type Pthread,
  program,
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_create,
  pthread_join,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';

class Thread {
  readonly lock = pthread_mutex_init('thread');
  readonly stored = pthread_cond_init('stored');
  /** Guarded by `lock`, as is `state`. */
  native: Pthread | null = null;
  state = 'new';
}

function* body(thread: Thread): Generator<void, void, void> {
  yield* pthread_mutex_lock(thread.lock);
  while (thread.native === null) yield* pthread_cond_wait(thread.stored, thread.lock);
  thread.state = `runs as ${thread.native.name}`;
  yield* pthread_mutex_unlock(thread.lock);
}

export default program({ components: [] }, function* main() {
  const thread = new Thread();
  yield* pthread_mutex_lock(thread.lock);
  const native = yield* pthread_create(body, thread, 'mozilla');
  thread.native = native;
  yield* pthread_cond_signal(thread.stored);
  yield* pthread_mutex_unlock(thread.lock);
  yield* pthread_join(native);
});
