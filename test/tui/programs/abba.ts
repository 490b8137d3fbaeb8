import {
  curlwp,
  type Lwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

type Mutex = ReturnType<typeof mutex_obj_alloc>;

/** Takes two locks in the order in which they are given. */
function* take([first, second]: readonly [Mutex, Mutex]): Generator<void, void, void> {
  yield* mutex_enter(first);
  yield* mutex_enter(second);
  mutex_exit(second);
  mutex_exit(first);
}

/** Two LWPs that take two locks in opposite orders: a deadlock on two CPUs, never on one. */
export default program({ ncpu: 2 }, function* main() {
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const l = curlwp();
  const kids: Lwp[] = [
    lwp_create(l.proc, take, [a, b] as const, 'one'),
    lwp_create(l.proc, take, [b, a] as const, 'two'),
  ];
  for (const kid of kids) lwp_start(kid);
  for (const kid of kids) yield* lwp_wait(l, kid.lid);
});
