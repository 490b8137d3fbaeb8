/** Work that is enqueued by who sets its flag. */

import {
  AtomicUint,
  atomic_swap_uint,
  PRI_NONE,
  program,
  WQ_MPSAFE,
  type Workqueue,
  workqueue_create,
  workqueue_destroy,
  workqueue_enqueue,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Softc {
  readonly enqueued = new AtomicUint(0);
  readonly work = { name: 'link state' };
}

function* nothing(): Generator<void, void, void> {}

function* linkChanged(wq: Workqueue, softc: Softc): Generator<void, void, void> {
  if (atomic_swap_uint(softc.enqueued, 1) === 1) return;
  yield* workqueue_enqueue(wq, softc.work);
}

export default program({ components: [] }, function* main() {
  const softc = new Softc();
  const wq = workqueue_create('link', nothing, softc, PRI_NONE, WQ_MPSAFE);
  yield* lwps(several('interrupt', 2, () => linkChanged(wq, softc)));
  yield* workqueue_destroy(wq);
});
