/** A cache whose counts fall under the lock under which they are raised. */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  atomic_inc_uint_nv,
  curkernel,
  KASSERT,
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
  yield* mutex_enter(cache.lock);
  const last = atomic_dec_uint_nv(entry.references) === 0;
  if (last) cache.entries.delete(name);
  mutex_exit(cache.lock);
  if (last) pool_put(cache.pool, entry);
}

function* use(cache: Cache, name: string): Generator<void, void, void> {
  const entry = yield* get(cache, name);
  if (entry === undefined) return;
  yield* mutex_enter(cache.lock);
  entry.uses++;
  mutex_exit(cache.lock);
  yield* put(cache, name, entry);
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Entry> = pool_init(curkernel(), 'entry', 64, () => new Entry());
  const cache = new Cache(pool);
  const entry = (yield* pool_get(pool, PR_WAITOK))!;
  cache.entries.set('a', entry);
  yield* lwps({ put: () => put(cache, 'a', entry), use: () => use(cache, 'a') });
});
