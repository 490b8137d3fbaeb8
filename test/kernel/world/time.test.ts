/** Virtual time, budgets, and what ends a world that no program ends. */

import { expect, test } from 'vitest';
import {
  curlwp,
  cv_init,
  cv_signal,
  cv_wait,
  kpause,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  PRI_NONE,
  preempt,
  WQ_MPSAFE,
  workqueue_create,
  workqueue_enqueue,
  workqueue_wait,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';

const bare = { components: [] };

test('a sleep of an hour takes virtual time', () => {
  const { outcome } = passes(bare, function* main() {
    yield* kpause('nap', 'uninterruptible', 3600e9);
  });
  expect(outcome.virtualTimeNs).toBeGreaterThanOrEqual(3600e9);
});

test('a count takes 10 ns of virtual time whatever the number of CPUs', () => {
  const times = [1, 2, 8].map((ncpu) => {
    const { outcome } = passes({ ...bare, ncpu }, function* main() {
      let sum = 0;
      for (let i = 0; i < 1000; i++) sum += i;
      yield* preempt();
      return sum;
    });
    expect(outcome.virtualTimeNs).toBe(outcome.icount * 10);
    return outcome.icount;
  });
  expect(new Set(times).size).toBe(1);
});

test('a program that never ends is a timeout, in plain functions and in generators', () => {
  const plain = run({ ...bare, budget: 100_000 }, function* main() {
    for (;;);
  });
  expect(plain.outcome.verdict).toBe('timeout');
  expect(plain.outcome.icount).toBeGreaterThanOrEqual(100_000);
  const catching = run({ ...bare, budget: 100_000 }, function* main() {
    for (;;) {
      try {
        for (;;) yield* preempt();
      } catch {
        yield* preempt();
      }
    }
  });
  expect(catching.outcome.verdict).toBe('timeout');
});

test('nothing can ever run again: the sleepers and what they wait for are named', () => {
  const { outcome } = run(bare, function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('forever');
    cv_signal(cv);
    yield* mutex_enter(mtx);
    yield* cv_wait(cv, mtx);
    mutex_exit(mtx);
  });
  expect(outcome.verdict).toBe('lost-wakeup');
  expect(outcome.message).toBe('nothing can ever run again: LWP 1 (main) on forever');
});

test('a kernel thread that waits for a lock of who sleeps for ever is among the sleepers', () => {
  const { outcome } = run({}, function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'config');
    const wq = workqueue_create('work', () => mutex_enter(mtx), 0, PRI_NONE, WQ_MPSAFE);
    const work = {};
    yield* mutex_enter(mtx);
    yield* workqueue_enqueue(wq, work);
    yield* workqueue_wait(wq, work);
  });
  expect(outcome.verdict).toBe('lost-wakeup');
  expect(outcome.message).toMatch(/: LWP 1 \(main\) on work, LWP \d+ \(work\) on config$/);
});

test('endless recursion is a stack overflow at the same icount every time', () => {
  function deeper(n: number): number {
    return deeper(n + 1) + 1;
  }
  function* sleepsDeeper(n: number): Generator<void, number, void> {
    return (yield* sleepsDeeper(n + 1)) + 1;
  }
  const first = run(bare, function* main() {
    yield* preempt();
    return recurse(0);
    function recurse(n: number): number {
      return recurse(n + 1) + 1;
    }
  });
  expect(first.outcome.verdict).toBe('stack-overflow');
  const second = run(bare, function* main() {
    return yield* sleepsDeeper(0);
  });
  expect(second.outcome.verdict).toBe('stack-overflow');
  expect(() => deeper(0)).toThrow(RangeError);
});

test('an exception of the program is a program error and keeps its text', () => {
  const { outcome } = run(bare, function* main() {
    yield* preempt();
    throw new Error(`LWP ${curlwp().lid} gives up`);
  });
  expect(outcome).toMatchObject({ verdict: 'program-error', message: 'Error: LWP 1 gives up' });
});

test('a forgotten yield* is caught, and says which function never ran', () => {
  function* helper(): Generator<void, number, void> {
    yield* preempt();
    return 1;
  }
  const dropped = run(bare, function* main() {
    helper();
    yield* preempt();
  });
  expect(dropped.outcome.verdict).toBe('program-error');
  expect(dropped.outcome.message).toContain('helper() was called without yield*');
  const last = run(bare, function* main() {
    yield* preempt();
    helper();
  });
  expect(last.outcome.message).toContain('helper() was called without yield*');
  const answered = run(bare, function* main(sys) {
    sys.getpid();
    yield* sys.getpid();
  });
  expect(answered.outcome.verdict).toBe('program-error');
});
