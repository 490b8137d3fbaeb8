/** A count of which the decrement says what it has become. */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  curkernel,
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
  if (atomic_dec_uint_nv(holder.references) === 0) pool_put(pool, holder.buffer);
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Buffer> = pool_init(curkernel(), 'buffer', 64, () => new Buffer());
  const holder = new Holder((yield* pool_get(pool, PR_WAITOK))!);
  yield* lwps(several('release', 2, () => release(pool, holder)));
});
