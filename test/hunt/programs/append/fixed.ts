/** Appending with O_APPEND, where write(2) finds the end itself. */

import { O_APPEND, O_CREAT, O_RDWR, program, type Sys } from 'rumpus';
import { several, threads } from '../kit.ts';

const LINE = 'a line of the log\n';

function* log(sys: Sys): Generator<void, void, void> {
  const fd = yield* sys.open('/log', O_CREAT | O_RDWR | O_APPEND, 0o644);
  yield* sys.write(fd, LINE);
  yield* sys.close(fd);
}

export default program(function* main(sys) {
  yield* threads(several('logger', 2, () => log(sys)));
  const { size } = yield* sys.stat('/log');
  if (size !== 2 * LINE.length) throw new Error(`append: the log has ${size} bytes`);
});
