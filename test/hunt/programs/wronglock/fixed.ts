/** wronglock with one lock for everybody. */

import { program } from 'rumpus';
import { wronglock } from '../wronglock.ts';

export default program({ components: [] }, function* main() {
  yield* wronglock(7, 'one lock');
});
