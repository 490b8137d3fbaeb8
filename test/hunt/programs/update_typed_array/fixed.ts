/** A bitmap whose bytes are set under one lock. */

import {
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

export default program({ components: [] }, function* main() {
  const bitmap = new Uint8Array(1);
  const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'bitmap');
  yield* lwps(several('set', BITS, (i) => set(bitmap, i, lock)));
  if (bitmap[0] !== 7) throw new Error(`bitmap: the bits are ${bitmap[0].toString(2)}`);
});
