/** A child that is signalled by who waits for it; that it has ended meanwhile is no error. */

import { preempt, program, SIGTERM, type Sys, SysError } from 'rumpus';
import { threads } from '../kit.ts';

function* child(): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) yield* preempt();
}

function* end(sys: Sys, pid: number): Generator<void, void, void> {
  try {
    yield* sys.kill(pid, SIGTERM);
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'ESRCH') throw error;
  }
  yield* sys.waitpid(pid);
}

export default program({ components: [] }, function* main(sys) {
  const pid = yield* sys.rfork(0, child);
  yield* threads({ end: () => end(sys, pid) });
});
