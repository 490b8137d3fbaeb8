/** Handing over with _lwp_park(2): the consumer parks until there is something. */

import { AtomicUint, atomic_dec_uint, atomic_inc_uint, atomic_load_acquire, program } from 'rumpus';
import { park } from './park.ts';

const ITEMS = 2;

export default program({ components: [] }, function* main(sys) {
  const items = new AtomicUint(0);
  const consumer = yield* sys._lwp_self();
  function* produce(): Generator<void, void, void> {
    for (let i = 0; i < ITEMS; i++) {
      atomic_inc_uint(items);
      yield* sys._lwp_unpark(consumer);
    }
  }
  const producer = yield* sys._lwp_create(produce, undefined, 0, 'producer');
  for (let i = 0; i < ITEMS; i++) {
    while (atomic_load_acquire(items) === 0) yield* park(sys);
    atomic_dec_uint(items);
  }
  yield* sys._lwp_wait(producer);
});
