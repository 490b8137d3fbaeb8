/**
 * The textbook's counter: Lu and others, "Learning from mistakes" (ASPLOS 2008) find that most
 * atomicity violations are of this kind.
 *
 * Bug      Each of two threads adds one five times, reading and writing in separate statements; all
 *          but two of ten updates may be lost. The program only minds when more than half are.
 * Needs    At least three preemptions in the right places.
 */

import { expectVerdict, program } from 'rumpus';
import { lwps, several } from '../kit.ts';

const TIMES = 5;

interface Counter {
  value: number;
}

function* increment(counter: Counter): Generator<void, void, void> {
  for (let i = 0; i < TIMES; i++) {
    const { value } = counter;
    counter.value = value + 1;
  }
}

const expect = expectVerdict('program-error', /counter: only \d of \d+ additions are left/);

export default program({ components: [], expect }, function* main() {
  const counter: Counter = { value: 0 };
  yield* lwps(several('increment', 2, () => increment(counter)));
  if (counter.value < TIMES) {
    throw new Error(`counter: only ${counter.value} of ${2 * TIMES} additions are left`);
  }
});
