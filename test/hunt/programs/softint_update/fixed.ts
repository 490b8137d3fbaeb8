/** A counter that a spin mutex guards, which keeps softints out. */

import {
  curkernel,
  cv_init,
  cv_signal,
  cv_wait,
  KASSERT,
  type KMutex,
  MUTEX_DEFAULT,
  MUTEX_SPIN,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
  type Softhand,
  SOFTINT_MPSAFE,
  SOFTINT_NET,
  softint_establish,
  softint_schedule,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Interface {
  readonly spin = mutex_obj_alloc(MUTEX_SPIN, 'packets');
  /** Guarded by `spin`. */
  packets = 0;
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'interface');
  readonly cv = cv_init('interrupt');
  /** Guarded by `lock`. */
  interrupted = false;
}

function* count(ifp: Interface): Generator<void, void, void> {
  yield* mutex_enter(ifp.spin);
  ifp.packets++;
  mutex_exit(ifp.spin);
}

function* interrupt(ifp: Interface): Generator<void, void, void> {
  yield* count(ifp);
  yield* mutex_enter(ifp.lock);
  ifp.interrupted = true;
  cv_signal(ifp.cv);
  mutex_exit(ifp.lock);
}

/** What interrupts: on whatever CPU it runs. */
function* device(sih: Softhand): Generator<void, void, void> {
  softint_schedule(sih);
}

function* output(ifp: Interface): Generator<void, void, void> {
  yield* count(ifp);
}

export default program({ components: [] }, function* main() {
  const ifp = new Interface();
  const flags = SOFTINT_NET | SOFTINT_MPSAFE;
  const sih = softint_establish(curkernel(), flags, interrupt, ifp);
  yield* lwps({
    output: () => output(ifp),
    device: () => device(sih),
  });
  yield* mutex_enter(ifp.lock);
  while (!ifp.interrupted) yield* cv_wait(ifp.cv, ifp.lock);
  mutex_exit(ifp.lock);
  KASSERT(ifp.packets === 2, 'softint: a packet is not counted');
});
