/** Says that it runs, and runs without end. */

import { printf, program } from 'rumpus';

const state = { turns: 0 };

export default program({ components: [] }, function* main() {
  printf('busy\n');
  for (;;) state.turns++;
});
