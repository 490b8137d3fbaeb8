/**
 * Getting a reference on something that is dying: NetBSD's vcache and PR kern/41417 are of the kind.
 *
 * Bug      The lookup finds the entry in the table and raises its count, without seeing that the
 *          count was zero already and its owner is about to free it.
 * Needs    One ordering: the lookup between the last put and the removal.
 */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  atomic_inc_uint_nv,
  curkernel,
  KASSERT,
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Entry {
  uses = 0;
  readonly references = new AtomicUint(1);
}

class Cache {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'cache');
  readonly entries = new Map<string, Entry>();
  readonly pool: Pool<Entry>;

  constructor(pool: Pool<Entry>) {
    this.pool = pool;
  }
}

function* get(cache: Cache, name: string): Generator<void, Entry | undefined, void> {
  yield* mutex_enter(cache.lock);
  const entry = cache.entries.get(name);
  if (entry !== undefined) {
    KASSERT(atomic_inc_uint_nv(entry.references) > 1, 'refcount: a dead entry is referenced');
  }
  mutex_exit(cache.lock);
  return entry;
}

function* put(cache: Cache, name: string, entry: Entry): Generator<void, void, void> {
  if (atomic_dec_uint_nv(entry.references) > 0) return;
  yield* mutex_enter(cache.lock);
  cache.entries.delete(name);
  mutex_exit(cache.lock);
  pool_put(cache.pool, entry);
}

function* use(cache: Cache, name: string): Generator<void, void, void> {
  const entry = yield* get(cache, name);
  if (entry === undefined) return;
  yield* mutex_enter(cache.lock);
  entry.uses++;
  mutex_exit(cache.lock);
  yield* put(cache, name, entry);
}

const expect = expectVerdict('kassert', /refcount: a dead entry is referenced/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Entry> = pool_init(curkernel(), 'entry', 64, () => new Entry());
  const cache = new Cache(pool);
  const entry = (yield* pool_get(pool, PR_WAITOK))!;
  cache.entries.set('a', entry);
  yield* lwps({ put: () => put(cache, 'a', entry), use: () => use(cache, 'a') });
});
