/** A thread that keeps the signal away while it holds the mutex of the handler. */

import {
  program,
  pthread_create,
  pthread_join,
  pthread_kill,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Pthread,
  SIG_BLOCK,
  SIG_UNBLOCK,
  SIGUSR1,
  sigmask,
} from 'rumpus';

export default program({ components: [] }, function* main(sys) {
  const lock = pthread_mutex_init('statistics');
  let reports = 0;
  function* report(): Generator<void, void, void> {
    yield* pthread_mutex_lock(lock);
    reports++;
    yield* pthread_mutex_unlock(lock);
  }
  function* work(): Generator<void, void, void> {
    yield* sys.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1));
    yield* pthread_mutex_lock(lock);
    yield* sys.getpid();
    yield* pthread_mutex_unlock(lock);
    yield* sys.sigprocmask(SIG_UNBLOCK, sigmask(SIGUSR1));
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
