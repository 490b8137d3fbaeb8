/** reorder_10 with a mutex around both writes and both reads. */

import { program } from 'rumpus';
import { reorderLocked } from '../reorder.ts';

export default program({ components: [] }, function* main() {
  yield* reorderLocked(9);
});
