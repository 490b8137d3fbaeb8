/**
 * Waiting for a signal: sigsuspend(2) exists because of this race; APUE, section 10.16.
 *
 * Bug      The flag that the handler sets is looked at with the signal unblocked; the handler runs
 *          after the look, and nothing wakes the wait.
 * Needs    One ordering: the signal comes between the look and sigsuspend(2), during a system call.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  program,
  SIGUSR1,
} from 'rumpus';
import { pthread_create, pthread_join } from 'rumpus';

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main(sys) {
  const arrived = new AtomicUint(0);
  function* handler(): Generator<void, void, void> {
    atomic_store_release(arrived, 1);
  }
  function* wait(): Generator<void, void, void> {
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
