/** A worker that clears "pending" when it looks. */

import {
  KASSERT,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
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
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'softc');
  requests = 0;
  handled = 0;
  pending = false;
}

function* handle(softc: Softc): Generator<void, void, void> {
  yield* mutex_enter(softc.lock);
  softc.handled = softc.requests;
  softc.pending = false;
  mutex_exit(softc.lock);
}

function* request(wq: Workqueue, softc: Softc): Generator<void, void, void> {
  yield* mutex_enter(softc.lock);
  softc.requests++;
  const enqueue = !softc.pending;
  softc.pending = true;
  if (enqueue) yield* workqueue_enqueue(wq, softc);
  mutex_exit(softc.lock);
}

export default program({ components: [] }, function* main() {
  const softc = new Softc();
  const wq = workqueue_create('requests', handle, null, PRI_NONE, WQ_MPSAFE);
  yield* lwps(several('request', 2, () => request(wq, softc)));
  yield* workqueue_destroy(wq);
  KASSERT(softc.handled === softc.requests, 'workqueue: a request is never handled');
});
