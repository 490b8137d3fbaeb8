/**
 * reorder_5 of the CS benchmarks (../reorder.ts): 4 setters and a checker.
 *
 * Bug      Two variables that belong together are written and read without a lock.
 * Needs    Two orderings: a setter between its writes, the first setter to write at all, while the
 *          checker reads both. The more setters, the rarer for a random walk.
 */

import { expectVerdict, program } from 'rumpus';
import { reorder } from '../reorder.ts';

const expect = expectVerdict('program-error', /reorder: a is/);

export default program({ components: [], expect }, function* main() {
  yield* reorder(4);
});
