/** A reference that is given back after the last use. */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  curkernel,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  printf,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Inode {
  number = 2;
  readonly references = new AtomicUint(2);
}

function* put(pool: Pool<Inode>, inode: Inode): Generator<void, void, void> {
  if (atomic_dec_uint_nv(inode.references) === 0) pool_put(pool, inode);
}

function* reader(pool: Pool<Inode>, inode: Inode): Generator<void, void, void> {
  printf(`inode ${inode.number} is done with\n`);
  yield* put(pool, inode);
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Inode> = pool_init(curkernel(), 'inode', 64, () => new Inode());
  const inode = (yield* pool_get(pool, PR_WAITOK))!;
  yield* lwps({ other: () => put(pool, inode), reader: () => reader(pool, inode) });
});
