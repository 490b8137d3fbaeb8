/** wronglock_3 with one lock for everybody. */

import { program } from 'rumpus';
import { wronglock } from '../wronglock.ts';

export default program({ components: [] }, function* main() {
  yield* wronglock(3, 'one lock');
});
