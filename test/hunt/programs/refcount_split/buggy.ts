/**
 * A count that is decremented atomically and looked at afterwards: McKenney, "Overview of Linux
 * kernel reference counting" (2007), on why atomic_dec_and_test() is one operation.
 *
 * Bug      Both threads decrement, then both read zero, and both free.
 * Needs    One preemption, between the decrement and the read.
 */

import {
  AtomicUint,
  atomic_dec_uint,
  atomic_load_acquire,
  curkernel,
  expectVerdict,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Buffer {
  length = 0;
}

/** The count is beside the buffer, not in it. */
class Holder {
  readonly references = new AtomicUint(2);
  readonly buffer: Buffer;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }
}

function* release(pool: Pool<Buffer>, holder: Holder): Generator<void, void, void> {
  atomic_dec_uint(holder.references);
  if (atomic_load_acquire(holder.references) === 0) pool_put(pool, holder.buffer);
}

const expect = expectVerdict('kassert', /pool_put\(buffer\) of an object that was freed before/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Buffer> = pool_init(curkernel(), 'buffer', 64, () => new Buffer());
  const holder = new Holder((yield* pool_get(pool, PR_WAITOK))!);
  yield* lwps(several('release', 2, () => release(pool, holder)));
});
