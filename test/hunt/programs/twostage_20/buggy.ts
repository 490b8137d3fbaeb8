/**
 * twostage_20 of the CS benchmarks (../twostage.ts): 19 writer(s) and a reader.
 *
 * Bug      Two stages under two locks are no transaction: the reader comes between them.
 * Needs    Two orderings: the reader after a writer's first stage and before any second stage.
 */

import { expectVerdict, program } from 'rumpus';
import { store, twostage } from '../twostage.ts';

const expect = expectVerdict('program-error', /twostage: \d+ does not follow/);

export default program({ components: [], expect }, function* main() {
  yield* twostage(19, store);
});
