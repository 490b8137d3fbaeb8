/** Two kernels in one world; the second one panics. */

import { panic, printf, program, type Sys } from 'rumpus';

export default program(
  { components: [], ncpu: 1, name: 'left' },
  function* main(sys: Sys, context) {
    printf('left is up\n');
    const right = yield* context.boot({ components: [], ncpu: 2, name: 'right' });
    const child = right.spawn(function* bad(other: Sys) {
      const pid = yield* other.getpid();
      panic(`process ${pid} of the other kernel`);
    }, 'bad');
    yield* sys.getpid();
    yield* child.join();
  },
);
