/** The smallest program that uses the kernel. */

import { program } from 'rumpus';

export default program(function* main(sys) {
  yield* sys.getpid();
});
