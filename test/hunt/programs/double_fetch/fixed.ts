/** A length that is read once; it is an atomic, since the user may write to it at any time. */

import { AtomicUint, atomic_load_relaxed, atomic_store_relaxed, KASSERT, program } from 'rumpus';
import { threads } from '../kit.ts';

const LIMIT = 16;

interface Message {
  readonly length: AtomicUint;
  readonly bytes: Uint8Array;
}

function* copyin(message: Message, kernel: Uint8Array): Generator<void, number, void> {
  const length = atomic_load_relaxed(message.length);
  if (length > LIMIT) return 0;
  KASSERT(length <= LIMIT, 'double fetch: more is copied than the buffer holds');
  kernel.set(message.bytes.subarray(0, length));
  return length;
}

function* raise(message: Message): Generator<void, void, void> {
  atomic_store_relaxed(message.length, 64);
}

export default program({ components: [] }, function* main() {
  const message: Message = { length: new AtomicUint(8), bytes: new Uint8Array(64) };
  yield* threads({
    raise: () => raise(message),
    send: () => copyin(message, new Uint8Array(LIMIT)),
  });
});
