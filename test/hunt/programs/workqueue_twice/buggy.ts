/**
 * Work that must not be enqueued twice: workqueue(9) says "a work must not be enqueued again until
 * the callback is called".
 *
 * Bug      Two interrupts both see that the work is not enqueued, and both enqueue it.
 * Needs    One preemption, between the test and the flag.
 */

import {
  expectVerdict,
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
  enqueued = false;
  readonly work = { name: 'link state' };
}

function* nothing(): Generator<void, void, void> {}

function* linkChanged(wq: Workqueue, softc: Softc): Generator<void, void, void> {
  if (softc.enqueued) return;
  softc.enqueued = true;
  yield* workqueue_enqueue(wq, softc.work);
}

const expect = expectVerdict('kassert', /workqueue link: work is enqueued twice/);

export default program({ components: [], expect }, function* main() {
  const softc = new Softc();
  const wq = workqueue_create('link', nothing, softc, PRI_NONE, WQ_MPSAFE);
  yield* lwps(several('interrupt', 2, () => linkChanged(wq, softc)));
  yield* workqueue_destroy(wq);
});
