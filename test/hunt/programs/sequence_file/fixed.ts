/**
 * Stevens's sequence number file, locked with link(2) as he does where there is nothing else.
 */

import { O_CREAT, O_RDWR, program, type Sys, SysError } from 'rumpus';
import { several, threads } from '../kit.ts';

function* next(sys: Sys, fd: number): Generator<void, number, void> {
  const number = new Uint8Array(1);
  yield* sys.pread(fd, number, 0);
  number[0]++;
  yield* sys.pwrite(fd, number, 0);
  return number[0];
}

/** Whether the lock could be taken: link(2) makes a name that is not there yet. */
function* tryLock(sys: Sys): Generator<void, boolean, void> {
  try {
    yield* sys.link('/seqno', '/seqno.lock');
    return true;
  } catch (error) {
    if (error instanceof SysError && error.code === 'EEXIST') return false;
    throw error;
  }
}

function* draw(sys: Sys): Generator<void, void, void> {
  const fd = yield* sys.open('/seqno', O_RDWR);
  while (!(yield* tryLock(sys))) yield* sys.sched_yield();
  yield* next(sys, fd);
  yield* sys.unlink('/seqno.lock');
  yield* sys.close(fd);
}

export default program(function* main(sys) {
  const fd = yield* sys.open('/seqno', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, new Uint8Array([0]));
  yield* threads(several('draw', 2, () => draw(sys)));
  const last = yield* next(sys, fd);
  if (last !== 3) throw new Error(`sequence file: two draws give number ${last - 1}`);
});
