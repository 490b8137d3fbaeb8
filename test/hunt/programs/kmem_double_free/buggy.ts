/**
 * Double free: two threads that both find out that they are the last; kmem(9).
 *
 * Bug      The buffer is freed by who sees the pointer, and the pointer is cleared afterwards.
 * Needs    One preemption, between the test and the clearing.
 */

import { expectVerdict, KM_SLEEP, kmem_alloc, kmem_free, program } from 'rumpus';
import { lwps, several } from '../kit.ts';

const SIZE = 128;

interface Channel {
  buffer: Uint8Array | null;
}

function* close(channel: Channel): Generator<void, void, void> {
  const { buffer } = channel;
  if (buffer === null) return;
  kmem_free(buffer, SIZE);
  channel.buffer = null;
}

const expect = expectVerdict('kassert', /kmem_free of an object that was freed before/);

export default program({ components: [], expect }, function* main() {
  const channel: Channel = { buffer: yield* kmem_alloc(SIZE, KM_SLEEP, 'channel') };
  yield* lwps(several('close', 2, () => close(channel)));
});
