/** A file that is written beside the old one, and renamed into its place. */

import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY, program, type Sys } from 'rumpus';
import { threads } from '../kit.ts';

function* save(sys: Sys, text: string): Generator<void, void, void> {
  const fd = yield* sys.open('/conf.new', O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  yield* sys.write(fd, text);
  yield* sys.close(fd);
  yield* sys.rename('/conf.new', '/conf');
}

function* load(sys: Sys): Generator<void, void, void> {
  const bytes = new Uint8Array(16);
  const fd = yield* sys.open('/conf', O_RDONLY);
  const count = yield* sys.read(fd, bytes);
  yield* sys.close(fd);
  if (count === 0) throw new Error('configuration: the file is empty');
}

export default program(function* main(sys) {
  yield* save(sys, 'a=1');
  yield* threads({ save: () => save(sys, 'a=2'), load: () => load(sys) });
});
