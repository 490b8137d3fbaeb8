/**
 * Stevens's sequence number file: "UNIX network programming" (1990), section 3.2: processes read a
 * number from a file, add one and write it back.
 *
 * Bug      Nothing keeps a second reader out before the first has written.
 * Needs    One preemption, between pread(2) and pwrite(2).
 */

import { expectVerdict, O_CREAT, O_RDWR, program, type Sys } from 'rumpus';
import { several, threads } from '../kit.ts';

function* next(sys: Sys, fd: number): Generator<void, number, void> {
  const number = new Uint8Array(1);
  yield* sys.pread(fd, number, 0);
  number[0]++;
  yield* sys.pwrite(fd, number, 0);
  return number[0];
}

function* draw(sys: Sys): Generator<void, void, void> {
  const fd = yield* sys.open('/seqno', O_RDWR);
  yield* next(sys, fd);
  yield* sys.close(fd);
}

const expect = expectVerdict('program-error', /sequence file: two draws give number \d/);

export default program({ expect }, function* main(sys) {
  const fd = yield* sys.open('/seqno', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, new Uint8Array([0]));
  yield* threads(several('draw', 2, () => draw(sys)));
  const last = yield* next(sys, fd);
  if (last !== 3) throw new Error(`sequence file: two draws give number ${last - 1}`);
});
