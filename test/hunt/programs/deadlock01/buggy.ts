/**
 * deadlock01 of the CS benchmarks (SCTBench), in the kernel's own locks.
 *
 * Bug      Two threads take two mutexes in opposite orders.
 * Needs    One preemption: between the two locks of either.
 */

import {
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Counter {
  value = 1;
}

function* add(first: KMutex, second: KMutex, counter: Counter): Generator<void, void, void> {
  yield* mutex_enter(first);
  yield* mutex_enter(second);
  counter.value++;
  mutex_exit(second);
  mutex_exit(first);
}

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main() {
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const counter = new Counter();
  yield* lwps({ ab: () => add(a, b, counter), ba: () => add(b, a, counter) });
});
