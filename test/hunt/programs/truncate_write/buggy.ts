/**
 * A file that is written anew in place: Pillai and others, "All file systems are not created equal"
 * (OSDI 2014), on the crash; a reader needs no crash to see it.
 *
 * Bug      O_TRUNC empties the file, and write(2) fills it again; in between it is empty.
 * Needs    One preemption, between the two system calls.
 */

import { expectVerdict, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY, program, type Sys } from 'rumpus';
import { threads } from '../kit.ts';

function* save(sys: Sys, text: string): Generator<void, void, void> {
  const fd = yield* sys.open('/conf', O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  yield* sys.write(fd, text);
  yield* sys.close(fd);
}

function* load(sys: Sys): Generator<void, void, void> {
  const bytes = new Uint8Array(16);
  const fd = yield* sys.open('/conf', O_RDONLY);
  const count = yield* sys.read(fd, bytes);
  yield* sys.close(fd);
  if (count === 0) throw new Error('configuration: the file is empty');
}

const expect = expectVerdict('program-error', /configuration: the file is empty/);

export default program({ expect }, function* main(sys) {
  yield* save(sys, 'a=1');
  yield* threads({ save: () => save(sys, 'a=2'), load: () => load(sys) });
});
