/** What a child process shares with its parent: rfork, fork(2). */

import { expect, test } from 'vitest';
import { RUMP_RFCFDG, RUMP_RFFDG, vfs } from '../../../kernel/index.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { passes } from '../harness.ts';
import { codeOf } from '../parallel.ts';

const FILES = { components: [vfs, tmpfs] };

test('a child shares, copies or does without the descriptors, as rfork was told', () => {
  passes(FILES, function* main(sys) {
    const [r] = yield* sys.pipe();
    const close = function* close(): Generator<void, number, void> {
      const code = yield* codeOf(() => sys.close(r));
      return code === 'EBADF' ? 1 : 0;
    };
    const run = function* run(flags: number): Generator<void, number, void> {
      const pid = yield* sys.rfork(flags, close);
      const { status } = yield* sys.wait4(pid);
      return status >> 8;
    };
    expect(yield* run(RUMP_RFCFDG)).toBe(1);
    expect(yield* run(RUMP_RFFDG)).toBe(0);
    expect(yield* run(0)).toBe(0);
    expect(yield* codeOf(() => sys.close(r))).toBe('EBADF');
  });
});

test('a child begins in the directory of its parent and leaves it alone (fork(2))', () => {
  passes(FILES, function* main(sys) {
    yield* sys.mkdir('/a', 0o755);
    yield* sys.mkdir('/a/b', 0o755);
    yield* sys.chdir('/a');
    const pid = yield* sys.rfork(RUMP_RFFDG, function* child() {
      yield* sys.chdir('b');
      yield* sys.mkdir('c', 0o755);
    });
    expect(yield* sys.wait4(pid)).toEqual({ pid, status: 0 });
    yield* sys.rmdir('b/c');
  });
});
