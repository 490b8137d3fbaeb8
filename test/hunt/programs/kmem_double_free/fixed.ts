/** A buffer that is freed by who takes the pointer, under a mutex. */

import {
  KM_SLEEP,
  kmem_alloc,
  kmem_free,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

const SIZE = 128;

class Channel {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'channel');
  buffer: Uint8Array | null;

  constructor(buffer: Uint8Array | null) {
    this.buffer = buffer;
  }
}

function* close(channel: Channel): Generator<void, void, void> {
  yield* mutex_enter(channel.lock);
  const { buffer } = channel;
  channel.buffer = null;
  mutex_exit(channel.lock);
  if (buffer !== null) kmem_free(buffer, SIZE);
}

export default program({ components: [] }, function* main() {
  const channel = new Channel(yield* kmem_alloc(SIZE, KM_SLEEP, 'channel'));
  yield* lwps(several('close', 2, () => close(channel)));
});
