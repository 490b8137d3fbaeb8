/** Three philosophers eat once each: every fork is a mutex, and the lower-numbered one is taken first. */

import {
  curlwp,
  type KMutex,
  lwp_create,
  lwp_start,
  lwp_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

class Philosopher {
  readonly first: KMutex;
  readonly second: KMutex;

  constructor(first: KMutex, second: KMutex) {
    this.first = first;
    this.second = second;
  }
}

function* dine({ first, second }: Philosopher): Generator<void, void, void> {
  yield* mutex_enter(first);
  yield* mutex_enter(second);
  mutex_exit(second);
  mutex_exit(first);
}

export default program({ components: [] }, function* main() {
  const l = curlwp();
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const c = mutex_obj_alloc(MUTEX_DEFAULT, 'c');
  const one = lwp_create(l.proc, dine, new Philosopher(a, b), 'one');
  const two = lwp_create(l.proc, dine, new Philosopher(b, c), 'two');
  const three = lwp_create(l.proc, dine, new Philosopher(a, c), 'three');
  lwp_start(one);
  lwp_start(two);
  lwp_start(three);
  yield* lwp_wait(l, one.lid);
  yield* lwp_wait(l, two.lid);
  yield* lwp_wait(l, three.lid);
});
