/**
 * Writing under a read lock: the wrong kind of the right lock.
 *
 * Bug      A counter of hits is raised by readers, who do not exclude each other.
 * Needs    One preemption, between the read and the write of the counter.
 */

import {
  expectVerdict,
  KASSERT,
  program,
  RW_READER,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Cache {
  readonly lock = rw_obj_alloc('cache');
  readonly values = new Map([['a', 1]]);
  hits = 0;
}

function* lookup(cache: Cache, key: string): Generator<void, number | undefined, void> {
  yield* rw_enter(cache.lock, RW_READER);
  const value = cache.values.get(key);
  if (value !== undefined) cache.hits++;
  rw_exit(cache.lock);
  return value;
}

const expect = expectVerdict('kassert', /cache: a hit is not counted/);

export default program({ components: [], expect }, function* main() {
  const cache = new Cache();
  yield* lwps(several('lookup', 2, () => lookup(cache, 'a')));
  KASSERT(cache.hits === 2, 'cache: a hit is not counted');
});
