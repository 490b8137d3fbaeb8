/** quiet.ts with a print: nothing else may differ between the two files. */

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
  preempt,
  program,
  rumpuser_dprintf,
} from 'rumpus';

interface Shared {
  readonly mutex: KMutex;
  order: number;
}

function* worker(shared: Shared) {
  const { id } = curlwp();
  for (let i = 0; i < 8; i++) {
    yield* mutex_enter(shared.mutex);
    shared.order = Math.imul(shared.order, 31) + id;
    rumpuser_dprintf('LWP %d: order %d\n', id, shared.order);
    mutex_exit(shared.mutex);
    yield* preempt();
  }
}

export default program({ components: [], ncpu: 2 }, function* main() {
  const l = curlwp();
  const shared: Shared = { mutex: mutex_obj_alloc(MUTEX_DEFAULT, 'shared'), order: 0 };
  const workers: Lwp[] = [];
  for (let i = 0; i < 3; i++) workers.push(lwp_create(l.proc, worker, shared, `worker ${i}`));
  for (const one of workers) lwp_start(one);
  for (const one of workers) yield* lwp_wait(l, one.lid);
});
