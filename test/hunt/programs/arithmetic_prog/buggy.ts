/**
 * arithmetic_prog of the CS benchmarks (SCTBench): a producer paces a consumer that adds up.
 *
 * Bug      The consumer adds the last number when its loop has ended, and the end is reported
 *          before. (The original asserts a wrong sum instead, and fails on every schedule.)
 * Needs    One preemption of the consumer, between its report and the addition.
 */

import {
  expectVerdict,
  program,
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

const N = 3;

class Sum {
  readonly lock = pthread_mutex_init('sum');
  readonly empty = pthread_cond_init('empty');
  readonly full = pthread_cond_init('full');
  num = 0;
  total = 0;
  done = false;
}

function* pace(sum: Sum): Generator<void, void, void> {
  for (let i = 0; i < N; i++) {
    yield* pthread_mutex_lock(sum.lock);
    while (sum.num > 0) yield* pthread_cond_wait(sum.empty, sum.lock);
    sum.num++;
    yield* pthread_mutex_unlock(sum.lock);
    yield* pthread_cond_signal(sum.full);
  }
}

function* add(sum: Sum): Generator<void, void, void> {
  for (let j = 0; j < N; j++) {
    yield* pthread_mutex_lock(sum.lock);
    while (sum.num === 0) yield* pthread_cond_wait(sum.full, sum.lock);
    sum.total += j;
    sum.num--;
    yield* pthread_mutex_unlock(sum.lock);
    yield* pthread_cond_signal(sum.empty);
  }
  yield* finish(sum);
}

function* finish(sum: Sum): Generator<void, void, void> {
  yield* pthread_mutex_lock(sum.lock);
  sum.done = true;
  yield* pthread_mutex_unlock(sum.lock);
  yield* pthread_mutex_lock(sum.lock);
  sum.total += N;
  yield* pthread_mutex_unlock(sum.lock);
}

function* look(sum: Sum): Generator<void, void, void> {
  yield* pthread_mutex_lock(sum.lock);
  if (sum.done && sum.total !== (N * (N + 1)) / 2) {
    throw new Error(`arithmetic: the sum is ${sum.total}`);
  }
  yield* pthread_mutex_unlock(sum.lock);
}

const expect = expectVerdict('program-error', /arithmetic: the sum is/);

export default program({ components: [], expect }, function* main() {
  const sum = new Sum();
  yield* threads({ pace: () => pace(sum), add: () => add(sum), look: () => look(sum) });
});
