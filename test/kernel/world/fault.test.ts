/** Faults are choices of the schedule: recorded, replayed, and off unless asked for. */

import { expect, test } from 'vitest';
import { FAULTS, KM_NOSLEEP, kmem_alloc, kmem_free, kpause } from '../../../kernel/index.ts';
import { run, verdicts } from '../harness.ts';

function* allocates(): Generator<void, void, void> {
  const bytes = yield* kmem_alloc(64, KM_NOSLEEP, 'test');
  if (bytes === null) throw new Error('no memory');
  kmem_free(bytes, 64);
}

test('an allocation that may not sleep fails in some schedules, if memory is to', () => {
  const options = { components: [], faults: FAULTS['memory'], schedules: 200 };
  expect(Object.keys(verdicts(options, allocates)).sort()).toEqual(['passed', 'program-error']);
  expect(verdicts({ ...options, faults: 0 }, allocates)).toEqual({ passed: 200 });
});

function* sleeps(): Generator<void, void, void> {
  const error = yield* kpause('test', 'interruptible', 1_000_000);
  if (error?.code === 'EINTR') throw new Error('interrupted');
}

test('an interruptible sleep is interrupted in some schedules, if signals are to come', () => {
  const options = { components: [], faults: FAULTS['signal'], schedules: 200 };
  expect(Object.keys(verdicts(options, sleeps)).sort()).toEqual(['passed', 'program-error']);
});

test('with time as a choice the clock may go to the next timer at once', () => {
  const ends = new Set<number>();
  for (let seed = 1; seed <= 40; seed++) {
    const options = { components: [], faults: FAULTS['time'], seed };
    const { outcome } = run(options, function* () {
      yield* kpause('test', 'uninterruptible', 5_000_000);
    });
    expect(outcome.verdict).toBe('passed');
    ends.add(Math.floor(outcome.virtualTimeNs / 1_000_000));
  }
  expect([...ends]).toEqual([5]);
});
