/**
 * Dining philosophers, 3 of them (../philosophers.ts).
 *
 * Bug      All take their left fork first.
 * Needs    2 preemptions: every philosopher but the last between the forks.
 */

import { expectVerdict, program } from 'rumpus';
import { philosophers } from '../philosophers.ts';

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main() {
  yield* philosophers(3, 'left');
});
