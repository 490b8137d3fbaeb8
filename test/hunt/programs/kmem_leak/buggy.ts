/**
 * A leak by a race: lazy allocation where the loser's buffer is forgotten; kmem(9).
 *
 * Bug      Two threads both find no buffer and allocate one; the second store forgets the first.
 * Needs    One preemption, between the test and the store.
 */

import { expectVerdict, KM_SLEEP, kmem_alloc, kmem_free, program } from 'rumpus';
import { lwps, several } from '../kit.ts';

const SIZE = 256;

interface Softc {
  scratch: Uint8Array | null;
}

function* start(softc: Softc): Generator<void, void, void> {
  if (softc.scratch === null) softc.scratch = yield* kmem_alloc(SIZE, KM_SLEEP, 'scratch');
}

const expect = expectVerdict('leak', /1 × scratch/);

export default program({ components: [], expect }, function* main() {
  const softc: Softc = { scratch: null };
  yield* lwps(several('start', 2, () => start(softc)));
  if (softc.scratch !== null) kmem_free(softc.scratch, SIZE);
});
