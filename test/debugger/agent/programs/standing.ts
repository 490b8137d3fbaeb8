/** A file that is open, an LWP asleep, a mutex held: then it panics, so that one can look. */

import {
  curlwp,
  cv_init,
  cv_wait,
  type KCondvar,
  type KMutex,
  lwp_create,
  lwp_start,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  O_CREAT,
  O_RDWR,
  panic,
  preempt,
  program,
  tmpfs,
} from 'rumpus';

interface Shared {
  readonly lock: KMutex;
  readonly cv: KCondvar;
}

function* sleeper({ lock, cv }: Shared): Generator<void, void, void> {
  yield* mutex_enter(lock);
  yield* cv_wait(cv, lock);
  mutex_exit(lock);
}

export default program({ components: [tmpfs], ncpu: 2 }, function* main(sys) {
  const l = curlwp();
  const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'seat');
  const shared: Shared = { lock, cv: cv_init('napping') };
  yield* sys.mkdir('/d', 0o755);
  const fd = yield* sys.open('/d/file', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, new TextEncoder().encode('hello, kernel'));
  lwp_start(lwp_create(l.proc, sleeper, shared, 'nap'));
  for (let i = 0; i < 200; i++) yield* preempt();
  yield* mutex_enter(lock);
  panic('look at it');
});
