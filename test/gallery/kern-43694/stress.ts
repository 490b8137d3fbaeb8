/** The race again and again, as NetBSD's test for kern/43694 loops. See README.md. */

import { filesComponent, program } from 'rumpus';
import { assertingOps } from './old.ts';
import { race } from './race.ts';

const ITERATIONS = 100_000;

export default program(
  { components: [filesComponent({ ops: assertingOps })], ncpu: 2 },
  function* main(sys) {
    for (let i = 0; i < ITERATIONS; i++) {
      for (const fd of yield* race(sys)) yield* sys.close(fd);
    }
  },
);
