/**
 * A handler that takes a lock: sigaction(2) lists what a handler may call, and no mutex is in it.
 *
 * Bug      The signal comes while the interrupted thread holds the mutex that the handler wants.
 * Needs    One ordering: the signal arrives in the critical section, which makes a system call.
 */

import {
  expectVerdict,
  program,
  pthread_create,
  pthread_join,
  pthread_kill,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Pthread,
  SIGUSR1,
} from 'rumpus';

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main(sys) {
  const lock = pthread_mutex_init('statistics');
  let reports = 0;
  function* report(): Generator<void, void, void> {
    yield* pthread_mutex_lock(lock);
    reports++;
    yield* pthread_mutex_unlock(lock);
  }
  function* work(): Generator<void, void, void> {
    yield* pthread_mutex_lock(lock);
    yield* sys.getpid();
    yield* pthread_mutex_unlock(lock);
  }
  function* ask(worker: Pthread): Generator<void, void, void> {
    yield* pthread_kill(worker, SIGUSR1);
  }
  yield* sys.sigaction(SIGUSR1, report);
  const worker = yield* pthread_create(work, undefined, 'worker');
  const asker = yield* pthread_create(ask, worker, 'asker');
  yield* pthread_join(worker);
  yield* pthread_join(asker);
  if (reports > 1) throw new Error('one signal makes two reports');
});
