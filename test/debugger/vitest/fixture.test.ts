/** rumpus/vitest: what the issue promises of tests that fail, and of those that expect to. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import {
  curlwp,
  KASSERT,
  type Lwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  panic,
  preempt,
} from 'rumpus';
import { fails, KernelFailure, kernelTest, test } from 'rumpus/vitest';
import { openCore, readRecording } from '../../../corefiles/index.ts';

const LINES = readFileSync('test/debugger/vitest/fixture.test.ts', 'utf8').split('\n');

/** What a run fails with. */
function failureOf(run: () => unknown): KernelFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof KernelFailure) return error;
    throw error;
  }
  throw new Error('the run did not fail');
}

test('a run gives what main returned', ({ kernel }) => {
  expect(kernel.run((sys) => sys.getpid())).toMatchObject({ value: 1, verdict: 'passed' });
});

test('each run has a kernel of its own', ({ kernel }) => {
  for (let i = 0; i < 3; i++) {
    kernel.run(function* (sys) {
      yield* sys.mkdir('/once', 0o755);
    });
  }
});

test('the seed comes from the name of the test, so a run is the same every time', ({ kernel }) => {
  const main = () => kernel.run((sys) => sys.getpid());
  const [one, two] = [main(), main()];
  expect(two.seed).toBe(one.seed);
  expect(two.digest).toBe(one.digest);
  expect(two.icount).toBe(one.icount);
});

test('fails() gives the error of a system call, with the origin of its errno', ({ kernel }) => {
  kernel.run(function* (sys) {
    const error = yield* fails(() => sys.close(99));
    expect(error).toHaveErrno('EBADF', /sys_close/);
    expect(error).not.toHaveErrno('ENOENT');
  });
});

test('another errno is shown with the statement that made it', ({ kernel }) => {
  const failure = failureOf(() =>
    kernel.run(function* (sys) {
      const error = yield* fails(() => sys.close(99));
      expect(error).toHaveErrno('ENOENT');
    }),
  );
  expect(failure.message).toMatch(
    /EBADF was made by sys_close \(rumpus\/kernel\/kern\/\w+\.ts:\d+/,
  );
  rmSync(failure.core);
});

test('a failed system call that nobody catches names its origin', ({ kernel }) => {
  const failure = failureOf(() => kernel.run((sys) => sys.close(77)));
  expect(failure.message).toMatch(/^program-error: SysError: EBADF/);
  expect(failure.message).toMatch(/EBADF was made by sys_close/);
  rmSync(failure.core);
});

test('a panic says verdict, frames, core and replay command', ({ kernel }) => {
  const failure = failureOf(() =>
    kernel.run(function* main(sys) {
      function* deeper(): Generator<void, void, void> {
        yield* sys.getpid();
        KASSERT(1 > 2, 'one is more than two');
      }
      yield* deeper();
    }),
  );
  const { message, core } = failure;
  expect(message).toMatch(/^kassert: one is more than two$/m);
  expect(message).toMatch(
    /^ {4}deeper \(rumpus\/test\/debugger\/vitest\/fixture\.test\.ts:\d+:\d+\)$/m,
  );
  expect(message).toMatch(
    /^ {4}main \(rumpus\/test\/debugger\/vitest\/fixture\.test\.ts:\d+:\d+\)$/m,
  );
  expect(message).toContain(`replay  npx rumpus replay ${core}`);
  expect(message).not.toContain('diverged');
  expect(existsSync(core)).toBe(true);
  rmSync(core);
});

test('positions are those of the source, in every failure of a file', ({ kernel }) => {
  for (let i = 0; i < 2; i++) {
    const failure = failureOf(() =>
      kernel.run(function* main(sys) {
        yield* sys.getpid();
        panic('here');
      }),
    );
    const line = LINES.findIndex((text) => text.includes("panic('here')")) + 1;
    expect(failure.message).toContain(
      `main (rumpus/test/debugger/vitest/fixture.test.ts:${line}:9)`,
    );
    const { frames } = openCore(failure.core).lwps()[0];
    expect(frames.find((frame) => frame.function === 'main')).toMatchObject({ lineBase1: line });
    rmSync(failure.core);
  }
});

test('a core names its test, and holds the sources of the test and the kernel', ({ kernel }) => {
  const failure = failureOf(() =>
    kernel.run(() => {
      panic('for its core');
    }),
  );
  const { data, sources } = readRecording(failure.core);
  expect(data.config).toMatchObject({
    program: 'test/debugger/vitest/fixture.test.ts',
    test: 'a core names its test, and holds the sources of the test and the kernel',
    run: 1,
  });
  expect(data.end).toMatchObject({ verdict: 'panic', message: 'for its core' });
  const own = sources.find(({ path }) => path === 'rumpus/test/debugger/vitest/fixture.test.ts');
  expect(own?.text).toContain('for its core');
  rmSync(failure.core);
});

test('state outside of main is found by the replay, and said', ({ kernel }) => {
  let runs = 0;
  const failure = failureOf(() =>
    kernel.run(function* main(sys) {
      runs++;
      for (let i = 0; i < runs; i++) yield* sys.getpid();
      panic('not the same twice');
    }),
  );
  expect(failure.message).toContain('the run cannot be repeated: its replay diverged');
  rmSync(failure.core);
});

test('a verdict that was expected is no failure', ({ kernel }) => {
  kernel.expectVerdict('panic', /dead$/);
  const run = kernel.run(() => {
    panic('I am dead');
  });
  expect(run).toMatchObject({ verdict: 'panic', message: 'I am dead' });
});

test('passing is the failure when another verdict was expected', ({ kernel }) => {
  kernel.expectVerdict('timeout');
  const failure = failureOf(() => kernel.run((sys) => sys.getpid()));
  expect(failure.message).toContain('expected timeout, got passed');
  rmSync(failure.core);
});

test('a verdict with another sentence is not the expected one', ({ kernel }) => {
  kernel.expectVerdict('panic', /alive/);
  const failure = failureOf(() =>
    kernel.run(() => {
      panic('I am dead');
    }),
  );
  expect(failure.message).toContain('expected panic with a message like /alive/');
  rmSync(failure.core);
});

test('a known bug is expected until it is fixed', ({ kernel }) => {
  kernel.knownBug('kern/1', 'kassert');
  kernel.run(() => {
    KASSERT(false, 'still there');
  });
  const failure = failureOf(() => kernel.run((sys) => sys.getpid()));
  expect(failure.message).toContain(
    'expected kassert (known bug kern/1), got passed; it seems to be',
  );
  rmSync(failure.core);
});

test('a program that never ends is a timeout by its budget', ({ kernel }) => {
  kernel.expectVerdict('timeout');
  kernel.run({ budget: 50_000 }, function* (sys) {
    for (;;) yield* sys.getpid();
  });
});

const oneCpu = kernelTest({ ncpu: 1 });

oneCpu('kernelTest() sets the options of all runs of its tests', ({ kernel }) => {
  const { value } = kernel.run(function* (sys) {
    yield* sys.getpid();
    return curlwp().kernel.config.ncpu;
  });
  expect(value).toBe(1);
});

interface Counter {
  value: number;
}

/** The buggy twin of `addLocked`. */
function* addUnlocked(counter: Counter): Generator<void, void, void> {
  yield* preempt();
  const value = counter.value;
  yield* preempt();
  counter.value = value + 1;
}

function* twice(add: (counter: Counter) => MaySleep<void>): Generator<void, void, void> {
  const l = curlwp();
  const counter: Counter = { value: 0 };
  const lwps: Lwp[] = [];
  for (const name of ['a', 'b']) lwps.push(lwp_create(l.proc, add, counter, name));
  for (const one of lwps) lwp_start(one);
  for (const one of lwps) yield* lwp_wait(l, one.lid);
  KASSERT(counter.value === 2, 'an update was lost');
}

test('hunt() finds a lost update', ({ kernel }) => {
  kernel.expectVerdict('kassert', /lost/);
  const schedules = kernel.hunt({ schedules: 200 }, () => twice(addUnlocked));
  expect(schedules).toBeLessThan(200);
});

test('hunt() fails with the failing schedule, which its seed repeats', ({ kernel }) => {
  const failure = failureOf(() => kernel.hunt({ schedules: 200 }, () => twice(addUnlocked)));
  expect(failure.message).not.toContain('diverged');
  const seed = Number(/seed {4}(\d+)/.exec(failure.message)?.[1]);
  kernel.expectVerdict('kassert', /lost/);
  kernel.run({ seed }, () => twice(addUnlocked));
  rmSync(failure.core);
});

test('hunt() passes what no schedule breaks', ({ kernel }) => {
  const schedules = kernel.hunt({ schedules: 200 }, () =>
    twice(function* add(counter) {
      const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'counter');
      yield* mutex_enter(lock);
      counter.value++;
      mutex_exit(lock);
    }),
  );
  expect(schedules).toBe(200);
});
