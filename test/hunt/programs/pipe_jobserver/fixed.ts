/** The job server, where one job at a time gathers its tokens. */

import {
  files,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Sys,
} from 'rumpus';
import { several, threads } from '../kit.ts';

interface Server {
  readonly gathering: PthreadMutex;
  readonly ends: readonly [number, number];
}

function* build(sys: Sys, { gathering, ends }: Server): Generator<void, void, void> {
  const [from, to] = ends;
  const token = new Uint8Array(1);
  yield* pthread_mutex_lock(gathering);
  yield* sys.read(from, token);
  yield* sys.read(from, token);
  yield* pthread_mutex_unlock(gathering);
  yield* sys.write(to, '++');
}

export default program({ components: [files] }, function* main(sys) {
  const ends = yield* sys.pipe();
  yield* sys.write(ends[1], '++');
  const server: Server = { gathering: pthread_mutex_init('gathering'), ends };
  yield* threads(several('build', 2, () => build(sys, server)));
});
