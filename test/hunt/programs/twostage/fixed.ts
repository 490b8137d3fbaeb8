/** twostage where a writer holds the first lock until both stages are stored. */

import { program } from 'rumpus';
import { storeAtOnce, twostage } from '../twostage.ts';

export default program({ components: [] }, function* main() {
  yield* twostage(1, storeAtOnce);
});
