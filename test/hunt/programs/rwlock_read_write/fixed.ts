/** A counter of hits that readers raise atomically. */

import {
  AtomicUint,
  atomic_inc_uint,
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
  readonly hits = new AtomicUint(0);
}

function* lookup(cache: Cache, key: string): Generator<void, number | undefined, void> {
  yield* rw_enter(cache.lock, RW_READER);
  const value = cache.values.get(key);
  if (value !== undefined) atomic_inc_uint(cache.hits);
  rw_exit(cache.lock);
  return value;
}

export default program({ components: [] }, function* main() {
  const cache = new Cache();
  yield* lwps(several('lookup', 2, () => lookup(cache, 'a')));
  KASSERT(cache.hits.value === 2, 'cache: a hit is not counted');
});
