/** A panic in a function that ran often enough for the engine to have optimised it. */

import { panic, program } from 'rumpus';

function step(sum: number, turn: number, limit: number): number {
  const dead = sum * 3;
  const kept = dead % 7;
  if (turn === limit) panic(`turn ${turn} with ${kept}`);
  return sum + kept;
}

function run(limit: number): number {
  let sum = 0;
  const unused = { limit };
  for (let turn = 0; turn <= limit; turn++) sum = step(sum, turn, limit) % 1000;
  return sum + unused.limit;
}

export default program({ components: [], ncpu: 1 }, function* main() {
  const limit = 3_000_000;
  run(limit);
});
