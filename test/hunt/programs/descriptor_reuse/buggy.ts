/**
 * Descriptors are used again: close(2) gives the number to the next open(2) or
 * dup(2). Torek and others call
 * it the close race of threaded servers; Go's poll.FD and Java's NativeThread exist because of it.
 *
 * Bug      A thread writes to the number that it knew, after another has closed it and another file
 *          has got it.
 * Needs    One preemption, between looking the descriptor up and write(2).
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  O_CREAT,
  O_RDWR,
  program,
  type Sys,
  SysError,
} from 'rumpus';
import { threads } from '../kit.ts';

const CLOSED = 0xffff;

function* send(sys: Sys, connection: AtomicUint): Generator<void, void, void> {
  const fd = atomic_load_acquire(connection);
  if (fd === CLOSED) return;
  try {
    yield* sys.write(fd, 'secret');
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'EBADF') throw error;
  }
}

/** Closes, and gives the next one who asks a descriptor of `other`. */
function* hangUp(sys: Sys, connection: AtomicUint, other: number): Generator<void, void, void> {
  const fd = atomic_load_acquire(connection);
  atomic_store_release(connection, CLOSED);
  yield* sys.close(fd);
  yield* sys.dup(other);
}

const expect = expectVerdict('program-error', /descriptor: \d bytes of the secret are public/);

export default program({ expect }, function* main(sys) {
  const connection = new AtomicUint(yield* sys.open('/private', O_CREAT | O_RDWR, 0o600));
  const other = yield* sys.open('/public', O_CREAT | O_RDWR, 0o644);
  yield* threads({
    hangUp: () => hangUp(sys, connection, other),
    send: () => send(sys, connection),
  });
  const { size } = yield* sys.stat('/public');
  if (size > 0) throw new Error(`descriptor: ${size} bytes of the secret are public`);
});
