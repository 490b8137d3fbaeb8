/**
 * A lost update of a captured variable, which is no field of any object.
 *
 * Bug      `total += amount` in a closure that two threads run.
 * Needs    One preemption inside the statement.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';

const expect = expectVerdict('program-error', /closure: the total is \d+/);

export default program({ components: [], expect }, function* main() {
  let total = 0;
  function* add(amount: number): Generator<void, void, void> {
    total += amount;
  }
  yield* threads({ five: () => add(5), seven: () => add(7) });
  if (total !== 12) throw new Error(`closure: the total is ${total}`);
});
