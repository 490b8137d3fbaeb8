/** An uncaught error of the program: a system call that fails. */

import { program, type Sys } from 'rumpus';

function* waitFor(sys: Sys, lwp: number): Generator<void, void, void> {
  const message = `waiting for ${lwp}`;
  yield* sys._lwp_wait(lwp);
  throw new Error(message);
}

export default program({ components: [], ncpu: 1 }, function* main(sys: Sys) {
  const lwp = 42;
  yield* waitFor(sys, lwp);
});
