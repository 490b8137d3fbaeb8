/**
 * Dining philosophers, 5 of them (../philosophers.ts).
 *
 * Bug      All take their left fork first.
 * Needs    4 preemptions: every philosopher but the last between the forks.
 */

import { expectVerdict, program } from 'rumpus';
import { philosophers } from '../philosophers.ts';

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main() {
  yield* philosophers(5, 'left');
});
