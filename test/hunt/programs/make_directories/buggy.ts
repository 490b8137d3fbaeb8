/**
 * mkdir -p by two at once: GNU mkdir, Node's fs and Python's os.makedirs (bpo-1675, before its
 * exist_ok) all had it.
 *
 * Bug      A directory that was not there a moment ago is made; that another has made it is fatal.
 * Needs    One preemption, between stat(2) and mkdir(2).
 */

import { expectVerdict, program, type Sys, SysError } from 'rumpus';
import { lwps } from '../kit.ts';

function* exists(sys: Sys, path: string): Generator<void, boolean, void> {
  try {
    yield* sys.stat(path);
    return true;
  } catch (error) {
    if (error instanceof SysError && error.code === 'ENOENT') return false;
    throw error;
  }
}

function* makeDirectories(sys: Sys, paths: readonly string[]): Generator<void, void, void> {
  for (const path of paths) {
    if (!(yield* exists(sys, path))) yield* sys.mkdir(path, 0o755);
  }
}

const expect = expectVerdict('program-error', /EEXIST.*mkdir/);

export default program({ expect }, function* main(sys) {
  yield* lwps({
    objects: () => makeDirectories(sys, ['/var', '/var/obj']),
    logs: () => makeDirectories(sys, ['/var', '/var/log']),
  });
});
