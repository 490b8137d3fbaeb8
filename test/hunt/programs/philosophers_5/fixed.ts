/** Dining philosophers, 5 of them, who take the fork with the lower number first. */

import { program } from 'rumpus';
import { philosophers } from '../philosophers.ts';

export default program({ components: [] }, function* main() {
  yield* philosophers(5, 'lowest');
});
