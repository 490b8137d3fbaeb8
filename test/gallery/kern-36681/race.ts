/**
 * The test for kern/36681: one LWP renames a file into a directory and back, another looks up a
 * name in that directory.
 */

import { O_CREAT, O_RDWR, type Sys, SysError } from 'rumpus';

/** Renames and lookups of one run. */
const ROUNDS = 2;

export function* race(sys: Sys): Generator<void, void, void> {
  yield* sys.mkdir('/dir', 0o755);
  const fd = yield* sys.open('/file', O_CREAT | O_RDWR, 0o644);
  yield* sys.close(fd);
  const renamer = yield* sys._lwp_create(rename, sys, 0, 'renamer');
  const looker = yield* sys._lwp_create(lookup, sys, 0, 'looker');
  yield* sys._lwp_wait(renamer);
  yield* sys._lwp_wait(looker);
}

function* rename(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < ROUNDS; i++) {
    yield* sys.rename('/file', '/dir/file');
    yield* sys.rename('/dir/file', '/file');
  }
}

function* lookup(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < ROUNDS; i++) {
    try {
      yield* sys.close(yield* sys.open('/dir/file1', O_RDWR));
    } catch (error) {
      if (!(error instanceof SysError) || error.code !== 'ENOENT') throw error;
    }
  }
}
