/**
 * A signal for a process that may have ended: kill(2) and wait(2); Linux has pidfds because of what
 * comes after.
 *
 * Bug      A helper waits for the child, which forgets its number; the parent then signals it.
 * Needs    One ordering: the child ends and is waited for before the signal is sent.
 */

import { expectVerdict, preempt, program, SIGTERM, type Sys } from 'rumpus';
import { threads } from '../kit.ts';

function* child(): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) yield* preempt();
}

function* reap(sys: Sys, pid: number): Generator<void, void, void> {
  yield* sys.waitpid(pid);
}

function* stop(sys: Sys, pid: number): Generator<void, void, void> {
  yield* sys.kill(pid, SIGTERM);
}

const expect = expectVerdict('program-error', /ESRCH.*kill/);

export default program({ components: [], expect }, function* main(sys) {
  const pid = yield* sys.rfork(0, child);
  yield* threads({ reap: () => reap(sys, pid), stop: () => stop(sys, pid) });
});
