/**
 * A lost bit: two threads set bits of one byte of a bitmap; Savage and others, "Eraser" (TOCS 1997)
 * and every allocator of blocks have it.
 *
 * Bug      `|=` on a byte of a Uint8Array under two locks, one for each bit's owner.
 * Needs    One preemption inside the statement.
 */

import {
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

const BITS = 3;

function* set(bitmap: Uint8Array, bit: number, lock: KMutex): Generator<void, void, void> {
  yield* mutex_enter(lock);
  bitmap[bit >> 3] |= 1 << (bit & 7);
  mutex_exit(lock);
}

const expect = expectVerdict('program-error', /bitmap: the bits are/);

export default program({ components: [], expect }, function* main() {
  const bitmap = new Uint8Array(1);
  const locks = Array.from({ length: BITS }, (_, i) => mutex_obj_alloc(MUTEX_DEFAULT, `bit ${i}`));
  yield* lwps(several('set', BITS, (i) => set(bitmap, i, locks[i])));
  if (bitmap[0] !== 7) throw new Error(`bitmap: the bits are ${bitmap[0].toString(2)}`);
});
