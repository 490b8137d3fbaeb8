/**
 * Two LWPs add to one counter without a lock: the smallest race. The bench wants whole schedules,
 * so that a lost update is counted, not failed.
 */

import { curlwp, lwp_create, lwp_start, lwp_wait, preempt, program } from 'rumpus';

interface Counter {
  value: number;
}

function* increment(counter: Counter) {
  yield* preempt();
  const value = counter.value;
  yield* preempt();
  counter.value = value + 1;
}

export default program({ components: [], ncpu: 2 }, function* main() {
  const l = curlwp();
  const counter: Counter = { value: 0 };
  const one = lwp_create(l.proc, increment, counter, 'one');
  const two = lwp_create(l.proc, increment, counter, 'two');
  lwp_start(one);
  lwp_start(two);
  yield* lwp_wait(l, one.lid);
  yield* lwp_wait(l, two.lid);
  if (counter.value < 1) throw new Error('both updates are lost');
});
