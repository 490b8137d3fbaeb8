/** Lazy allocation under a mutex. */

import {
  KM_SLEEP,
  kmem_alloc,
  kmem_free,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

const SIZE = 256;

class Softc {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'softc');
  scratch: Uint8Array | null = null;
}

function* start(softc: Softc): Generator<void, void, void> {
  yield* mutex_enter(softc.lock);
  if (softc.scratch === null) softc.scratch = yield* kmem_alloc(SIZE, KM_SLEEP, 'scratch');
  mutex_exit(softc.lock);
}

export default program({ components: [] }, function* main() {
  const softc = new Softc();
  yield* lwps(several('start', 2, () => start(softc)));
  if (softc.scratch !== null) kmem_free(softc.scratch, SIZE);
});
