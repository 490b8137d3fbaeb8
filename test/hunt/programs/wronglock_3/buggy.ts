/**
 * wronglock_3 of the CS benchmarks (../wronglock.ts): 3 threads that add under the wrong lock.
 *
 * Bug      Each thread holds a lock, but not the same one.
 * Needs    Two orderings: an addition between the first thread's read and its second look.
 */

import { expectVerdict, program } from 'rumpus';
import { wronglock } from '../wronglock.ts';

const expect = expectVerdict('program-error', /wronglock: \d+ and one are/);

export default program({ components: [], expect }, function* main() {
  yield* wronglock(3, 'two locks');
});
