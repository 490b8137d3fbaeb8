/** A counter that is added to atomically. */

import { AtomicUint, atomic_inc_uint, program } from 'rumpus';
import { lwps, several } from '../kit.ts';

const TIMES = 5;

function* increment(counter: AtomicUint): Generator<void, void, void> {
  for (let i = 0; i < TIMES; i++) {
    atomic_inc_uint(counter);
  }
}

export default program({ components: [] }, function* main() {
  const counter = new AtomicUint(0);
  yield* lwps(several('increment', 2, () => increment(counter)));
  if (counter.value !== 2 * TIMES) {
    throw new Error(`counter: only ${counter.value} of ${2 * TIMES} additions are left`);
  }
});
