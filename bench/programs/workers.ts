/**
 * `workers COUNT LWPS`: LWPs that share a directory, a lock and a pipe between them do COUNT rounds
 * in all, so that the work is the same however many they are.
 */

import {
  curlwp,
  type KMutex,
  type Lwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  O_CREAT,
  O_RDWR,
  program,
  type Sys,
} from 'rumpus';

interface Shared {
  readonly sys: Sys;
  readonly mutex: KMutex;
  left: number;
}

function* worker(shared: Shared) {
  const { sys, mutex } = shared;
  const own = `/own${curlwp().id}`;
  const data = new Uint8Array(512);
  for (;;) {
    yield* mutex_enter(mutex);
    const more = shared.left-- > 0;
    mutex_exit(mutex);
    if (!more) return;
    const fd = yield* sys.open(own, O_CREAT | O_RDWR, 0o644);
    yield* sys.write(fd, data);
    yield* sys.stat(own);
    yield* sys.pread(fd, data, 0);
    yield* sys.close(fd);
    yield* sys.unlink(own);
  }
}

export default program(function* main(sys, { args }) {
  const [count, lwps] = args.map(Number);
  const l = curlwp();
  const shared: Shared = { sys, mutex: mutex_obj_alloc(MUTEX_DEFAULT, 'work'), left: count };
  const workers: Lwp[] = [];
  for (let i = 0; i < lwps; i++) workers.push(lwp_create(l.proc, worker, shared, `worker ${i}`));
  for (const one of workers) lwp_start(one);
  for (const one of workers) yield* lwp_wait(l, one.lid);
});
