/** A loop without end. */

import { program } from 'rumpus';

function spin(start: number): number {
  let turns = start;
  while (turns >= 0) turns = (turns + 1) & 0xffff;
  return turns;
}

export default program({ components: [], ncpu: 1, budget: 200_000 }, function* main() {
  const start = 7;
  spin(start);
});
