/** mkdir -p that is content when another has made the directory. */

import { program, type Sys, SysError } from 'rumpus';
import { lwps } from '../kit.ts';

function* makeDirectory(sys: Sys, path: string): Generator<void, void, void> {
  try {
    yield* sys.mkdir(path, 0o755);
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'EEXIST') throw error;
  }
}

function* makeDirectories(sys: Sys, paths: readonly string[]): Generator<void, void, void> {
  for (const path of paths) yield* makeDirectory(sys, path);
}

export default program(function* main(sys) {
  yield* lwps({
    objects: () => makeDirectories(sys, ['/var', '/var/obj']),
    logs: () => makeDirectories(sys, ['/var', '/var/log']),
  });
});
