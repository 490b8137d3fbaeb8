import { program } from 'rumpus';

/** Never ends, for a debugger to interrupt. */
export default program({}, function* main() {
  let turns = 0;
  for (;;) {
    turns = (turns + 1) % 1_000_003;
    if (turns < 0) break;
  }
});
