/**
 * Handing over with _lwp_park(2) and _lwp_unpark(2), on which NetBSD's pthreads stand: an unpark
 * that comes early is remembered, but only one.
 *
 * Bug      The consumer parks once for each item, instead of until there is one: two unparks before
 *          the first park are one.
 * Needs    One ordering: the producer does both before the consumer parks the first time.
 */

import { expectVerdict, program } from 'rumpus';
import { park } from './park.ts';

const ITEMS = 2;

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main(sys) {
  const consumer = yield* sys._lwp_self();
  function* produce(): Generator<void, void, void> {
    for (let i = 0; i < ITEMS; i++) yield* sys._lwp_unpark(consumer);
  }
  const producer = yield* sys._lwp_create(produce, undefined, 0, 'producer');
  for (let i = 0; i < ITEMS; i++) yield* park(sys);
  yield* sys._lwp_wait(producer);
});
