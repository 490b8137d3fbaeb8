/** Two LWPs that add one to a counter, with a scheduling point in the middle. */

import { curlwp, lwp_create, lwp_start, lwp_wait, preempt, program } from 'rumpus';

interface Counter {
  x: number;
}

function* increment(counter: Counter): Generator<void, void, void> {
  yield* preempt();
  const value = counter.x;
  yield* preempt();
  counter.x = value + 1;
}

export default program({ components: [], ncpu: 2 }, function* main() {
  const counter = { x: 0 };
  const l = curlwp();
  const one = lwp_create(l.proc, increment, counter, 'one');
  const two = lwp_create(l.proc, increment, counter, 'two');
  lwp_start(one);
  lwp_start(two);
  yield* lwp_wait(l, one.lid);
  yield* lwp_wait(l, two.lid);
  if (counter.x !== 2) throw new Error(`an update was lost: ${counter.x}`);
});
