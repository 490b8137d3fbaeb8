/**
 * A counter that a driver's softint shares with a thread; softint(9), spl(9) and mutex(9) on spin
 * mutexes say what keeps an interrupt out.
 *
 * Bug      The thread adds without a lock; the softint runs between read and write.
 * Needs    One preemption, between the read and the write of either.
 */

import {
  curkernel,
  cv_init,
  cv_signal,
  cv_wait,
  expectVerdict,
  KASSERT,
  type KMutex,
  MUTEX_DEFAULT,
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
  packets = 0;
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'interface');
  readonly cv = cv_init('interrupt');
  /** Guarded by `lock`. */
  interrupted = false;
}

function* interrupt(ifp: Interface): Generator<void, void, void> {
  ifp.packets++;
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
  ifp.packets++;
}

const expect = expectVerdict('kassert', /softint: a packet is not counted/);

export default program({ components: [], expect }, function* main() {
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
