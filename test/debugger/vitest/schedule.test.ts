/** rumpus/vitest: runs under a schedule that a hunt printed. */

import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { curlwp, lwp_create, lwp_start, lwp_wait, preempt, type Sys } from 'rumpus';
import { KernelFailure, test } from 'rumpus/vitest';

function* increment(counter: { x: number }): Generator<void, void, void> {
  yield* preempt();
  const value = counter.x;
  yield* preempt();
  counter.x = value + 1;
}

function* main(_sys: Sys): Generator<void, number, void> {
  const counter = { x: 0 };
  const l = curlwp();
  const lwps = [1, 2].map(() => lwp_create(l.proc, increment, counter, 'adds'));
  for (const other of lwps) lwp_start(other);
  for (const other of lwps) yield* lwp_wait(l, other.lid);
  return counter.x;
}

test('a run follows the schedule that it is given, and the default one without', ({ kernel }) => {
  expect(kernel.run({ schedule: '' }, main).value).toBe(2);
  expect(kernel.run({ schedule: 'seed=7|3@2>2' }, main)).toMatchObject({ value: 1, seed: 7 });
});

test('directives that do not fit are skipped', ({ kernel }) => {
  expect(kernel.run({ schedule: '9@1>2 3@2>2 2@77>1' }, main).value).toBe(1);
});

test('a schedule that cannot be read is said with its place', ({ kernel }) => {
  expect(() => kernel.run({ schedule: '3@2>' }, main)).toThrow(
    "in the schedule, at character 1: '3@2>' is no directive",
  );
});

test('a schedule of accesses is refused where none are told', ({ kernel }) => {
  expect(() => kernel.run({ schedule: 'access|3.2>2' }, main)).toThrow(
    'kernel.replay(file, schedule)',
  );
});

test('a program in a file is replayed, and its failure has a core', async ({ kernel }) => {
  const file = new URL('../programs/race.ts', import.meta.url);
  await kernel.replay(file, 'preempt,access|');
  const failing = kernel.replay(file, 'preempt,access|3.2>2');
  const failure = await failing.catch((error: unknown) => error);
  if (!(failure instanceof KernelFailure)) throw failure;
  expect(failure.message).toMatch(/^program-error: Error: an update was lost: 1$/m);
  rmSync(failure.core);
});

test('a bug that is known is expected of a replay', async ({ kernel }) => {
  kernel.knownBug('kern/1', 'program-error', /lost/);
  const file = new URL('../programs/race.ts', import.meta.url);
  expect((await kernel.replay(file, 'preempt,access|3.2>2')).verdict).toBe('program-error');
});
