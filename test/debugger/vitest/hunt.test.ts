/** hunt() of rumpus/vitest: a test that fails with the first schedule that does not end well. */

import { rmSync } from 'node:fs';
import { afterAll, describe, expect } from 'vitest';
import {
  curlwp,
  expectVerdict,
  type Lwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { hunt, KernelFailure, test, type TestKernel } from 'rumpus/vitest';
import { readRecording } from '../../../corefiles/index.ts';
import type { Fixture } from '../../../debugger/vitest/fixture.ts';

class Counter {
  x = 0;
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'counter');
}

/** Reads, and then writes: the update of another may come between. */
function* careless(counter: Counter): Generator<void, void, void> {
  const value = counter.x;
  counter.x = value + 1;
}

function* careful(counter: Counter): Generator<void, void, void> {
  yield* mutex_enter(counter.lock);
  const value = counter.x;
  counter.x = value + 1;
  mutex_exit(counter.lock);
}

function countingWith(increment: typeof careless) {
  return function* main(): Generator<void, void, void> {
    const counter = new Counter();
    const l = curlwp();
    const kids: Lwp[] = [1, 2].map((i) => lwp_create(l.proc, increment, counter, `kid${i}`));
    for (const kid of kids) lwp_start(kid);
    for (const kid of kids) yield* lwp_wait(l, kid.lid);
    if (counter.x !== 2) throw new Error(`an update was lost: ${counter.x}`);
  };
}

const racy = program({ components: [], ncpu: 2 }, countingWith(careless));
const locked = program({ components: [], ncpu: 2 }, countingWith(careful));

hunt('a correct program passes', { schedules: 100 }, locked);
hunt('a main function is a program too', { ncpu: 2, schedules: 50 }, countingWith(careful));
hunt(
  'an expected verdict that is found is no failure',
  { schedules: 500, expect: expectVerdict('program-error', /lost/) },
  racy,
);
hunt.skip('one that is skipped is not run', {}, racy);
hunt.todo('one that is to be written');

const runs: string[] = [];
describe('variants', () => {
  hunt('the program is told its options', { args: ['a'], schedules: 3 }, function* (_sys, context) {
    runs.push(context.args.join(' '));
  });
  afterAll(() => {
    expect(runs.length).toBeGreaterThanOrEqual(3);
    expect(new Set(runs)).toEqual(new Set(['a']));
  });
});

async function failureOf(kernel: TestKernel, seed: number): Promise<KernelFailure> {
  try {
    await (kernel as Fixture).huntAll({ schedules: 500, seed }, racy);
  } catch (error) {
    if (error instanceof KernelFailure) return error;
    throw error;
  }
  throw new Error('nothing was found');
}

test('what fails is said with its schedule, and leaves a core', async ({ kernel }) => {
  const failure = await failureOf(kernel, 1);
  expect(failure.message).toMatch(/^program-error: Error: an update was lost: 1\n/);
  expect(failure.message).toMatch(/\n {2}found {3}in schedule \d+: \S+/);
  expect(failure.message).not.toContain('cannot be repeated');
  expect(readRecording(failure.core).data.end.verdict).toBe('program-error');
  rmSync(failure.core);
});

test('the same hunt finds the same', async ({ kernel }) => {
  const [one, two] = [await failureOf(kernel, 2), await failureOf(kernel, 2)];
  expect(two.message).toBe(one.message);
  rmSync(one.core, { force: true });
});

test('an expected verdict that never comes is the failure', async ({ kernel }) => {
  const expect_ = expectVerdict('deadlock');
  await expect(
    (kernel as Fixture).huntAll({ schedules: 20, expect: expect_ }, locked),
  ).rejects.toThrow(/^20 schedules passed: expected deadlock/);
});
