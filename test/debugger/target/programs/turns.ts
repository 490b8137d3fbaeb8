/** Two LWPs that take five turns each. */

import { program, type Sys } from 'rumpus';

function* take(sys: Sys) {
  for (let turn = 0; turn < 5; turn++) {
    yield* sys.getpid();
  }
}

export default program({ ncpu: 2 }, function* main(sys) {
  const first = yield* sys._lwp_create(take, sys);
  const second = yield* sys._lwp_create(take, sys);
  yield* sys._lwp_wait(first);
  yield* sys._lwp_wait(second);
});
