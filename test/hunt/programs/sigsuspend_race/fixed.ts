/** Waiting for a signal that is blocked but while sigsuspend(2) waits. */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  program,
  SIG_BLOCK,
  SIGUSR1,
  sigmask,
} from 'rumpus';
import { pthread_create, pthread_join } from 'rumpus';

export default program({ components: [] }, function* main(sys) {
  const arrived = new AtomicUint(0);
  function* handler(): Generator<void, void, void> {
    atomic_store_release(arrived, 1);
  }
  function* wait(): Generator<void, void, void> {
    yield* sys.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1));
    while (atomic_load_acquire(arrived) === 0) {
      yield* sys.getpid();
      try {
        yield* sys.sigsuspend(0);
      } catch {
        // EINTR: it always is.
      }
    }
  }
  function* send(lid: number): Generator<void, void, void> {
    yield* sys._lwp_kill(lid, SIGUSR1);
  }
  yield* sys.sigaction(SIGUSR1, handler);
  const waiter = yield* pthread_create(wait, undefined, 'waiter');
  const sender = yield* pthread_create(send, waiter.lid, 'sender');
  yield* pthread_join(waiter);
  yield* pthread_join(sender);
});
