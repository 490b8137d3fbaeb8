/**
 * A reference given back before the last use: Linux's and NetBSD's most common reference bug.
 *
 * Bug      A thread drops its reference and then reads a field for its last message.
 * Needs    One ordering: the other reference goes between the drop and the read.
 */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  curkernel,
  expectVerdict,
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
  yield* put(pool, inode);
  printf(`inode ${inode.number} is done with\n`);
}

const expect = expectVerdict('use-after-free', /inode\.number is read after the inode was freed/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Inode> = pool_init(curkernel(), 'inode', 64, () => new Inode());
  const inode = (yield* pool_get(pool, PR_WAITOK))!;
  yield* lwps({ other: () => put(pool, inode), reader: () => reader(pool, inode) });
});
