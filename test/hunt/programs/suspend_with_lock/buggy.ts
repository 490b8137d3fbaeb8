/**
 * Suspending a thread that holds a lock: why Java's Thread.suspend() is deprecated; _lwp_suspend(2).
 *
 * Bug      A debugger suspends the worker wherever it is, and then wants the lock of the heap, which
 *          the worker may hold.
 * Needs    One preemption of the worker, in its critical section.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Sys,
  SysError,
} from 'rumpus';

class Heap {
  readonly lock: PthreadMutex = pthread_mutex_init('heap');
  used = 0;
  owner = 0;
}

interface Shared {
  readonly sys: Sys;
  readonly heap: Heap;
}

function* allocate({ sys, heap }: Shared): Generator<void, void, void> {
  yield* pthread_mutex_lock(heap.lock);
  heap.owner = yield* sys.getpid();
  heap.used += 16;
  yield* pthread_mutex_unlock(heap.lock);
}

type Call = '_lwp_suspend' | '_lwp_continue';

/** Does nothing when the worker has ended. */
function* attempt(sys: Sys, call: Call, worker: number): Generator<void, void, void> {
  try {
    yield* sys[call](worker);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main(sys) {
  const heap = new Heap();
  const worker = yield* sys._lwp_create(allocate, { sys, heap }, 0, 'worker');
  yield* attempt(sys, '_lwp_suspend', worker);
  yield* pthread_mutex_lock(heap.lock);
  const { used } = heap;
  yield* pthread_mutex_unlock(heap.lock);
  yield* attempt(sys, '_lwp_continue', worker);
  yield* sys._lwp_wait(worker);
  if (used > 16) throw new Error('one allocation took more than it asked for');
});
