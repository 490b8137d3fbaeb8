/** A loop that never ends, in a function that is called by it again and again. */

import { program } from 'rumpus';

const state = { turns: 0 };

function turn(): void {
  state.turns++;
}

export default program({ components: [] }, function* main(sys) {
  yield* sys.getpid();
  for (;;) turn();
});
