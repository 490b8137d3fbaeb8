/**
 * Double fetch: Jurczyk and Coldwind, "Bochspwn" (2013); Wang and others (USENIX Security 2017): a
 * kernel reads a length from the user's memory twice.
 *
 * Bug      The length is checked, and then read again to copy; another thread of the process raises
 *          it in between.
 * Needs    One preemption, between the two reads.
 */

import { expectVerdict, KASSERT, program } from 'rumpus';
import { threads } from '../kit.ts';

const LIMIT = 16;

interface Message {
  length: number;
  readonly bytes: Uint8Array;
}

function* copyin(message: Message, kernel: Uint8Array): Generator<void, number, void> {
  if (message.length > LIMIT) return 0;
  const { length } = message;
  KASSERT(length <= LIMIT, 'double fetch: more is copied than the buffer holds');
  kernel.set(message.bytes.subarray(0, length));
  return length;
}

function* raise(message: Message): Generator<void, void, void> {
  message.length = 64;
}

const expect = expectVerdict('kassert', /double fetch: more is copied than the buffer holds/);

export default program({ components: [], expect }, function* main() {
  const message: Message = { length: 8, bytes: new Uint8Array(64) };
  yield* threads({
    raise: () => raise(message),
    send: () => copyin(message, new Uint8Array(LIMIT)),
  });
});
