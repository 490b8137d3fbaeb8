/**
 * Appending to a log: write(2) and open(2) on O_APPEND; Stevens, "Advanced programming in the UNIX
 * environment", section 3.11 (1992).
 *
 * Bug      Each process seeks to the end and writes there, with a descriptor of its own.
 * Needs    One preemption, between lseek(2) and write(2).
 */

import { expectVerdict, O_CREAT, O_RDWR, program, SEEK_END, type Sys } from 'rumpus';
import { several, threads } from '../kit.ts';

const LINE = 'a line of the log\n';

function* log(sys: Sys): Generator<void, void, void> {
  const fd = yield* sys.open('/log', O_CREAT | O_RDWR, 0o644);
  yield* sys.lseek(fd, 0, SEEK_END);
  yield* sys.write(fd, LINE);
  yield* sys.close(fd);
}

const expect = expectVerdict('program-error', /append: the log has \d+ bytes/);

export default program({ expect }, function* main(sys) {
  yield* threads(several('logger', 2, () => log(sys)));
  const { size } = yield* sys.stat('/log');
  if (size !== 2 * LINE.length) throw new Error(`append: the log has ${size} bytes`);
});
