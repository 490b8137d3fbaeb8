/**
 * The scheduler: which interleavings a grain, a strategy and a number of CPUs can make, and that
 * every one of them replays. Programs are lost updates and lock cycles, the smallest there are.
 */

import { expect, test } from 'vitest';
import {
  curlwp,
  DefaultStrategy,
  type KMutex,
  lwp_create,
  lwp_start,
  lwp_wait,
  type Main,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  preempt,
  ReplayStrategy,
} from '../../../kernel/index.ts';
import { once, passes, run, verdicts } from '../harness.ts';

/** Runs `body` on `count` LWPs and waits for them. */
function* parallel<A>(
  count: number,
  body: (arg: A) => Generator<void, void, void>,
  arg: A,
): Generator<void, void, void> {
  const l = curlwp();
  const lids: number[] = [];
  for (let i = 0; i < count; i++) {
    const other = lwp_create(l.proc, body, arg, `worker${i}`);
    lids.push(other.lid);
    lwp_start(other);
  }
  for (const lid of lids) yield* lwp_wait(l, lid);
}

interface Counter {
  x: number;
}

function* incrementAtPoints(counter: Counter): Generator<void, void, void> {
  yield* preempt();
  const value = counter.x;
  yield* preempt();
  counter.x = value + 1;
}

function* incrementInTwoStatements(counter: Counter): Generator<void, void, void> {
  const value = counter.x;
  counter.x = value + 1;
}

function lostUpdate(body: (counter: Counter) => Generator<void, void, void>): Main {
  return function* main() {
    const counter = { x: 0 };
    yield* parallel(2, body, counter);
    if (counter.x !== 2) throw new Error(`an update was lost: ${counter.x}`);
  };
}

const bare = { components: [] };

for (const strategy of ['random', 'pct'] as const) {
  test(`${strategy} finds a lost update on two CPUs and replays every schedule`, () => {
    const options = { ...bare, ncpu: 2, strategy, schedules: 200, replay: 'compared' as const };
    const seen = verdicts(options, lostUpdate(incrementAtPoints));
    expect(seen['program-error']).toBeGreaterThan(5);
    expect(seen.passed).toBeGreaterThan(20);
  });
}

test('one CPU without preemption loses no update, with preemption it does', () => {
  const one = { ...bare, ncpu: 1, schedules: 200 };
  expect(verdicts(one, lostUpdate(incrementAtPoints))).toEqual({ passed: 200 });
  const preempted = verdicts({ ...one, preempt: true }, lostUpdate(incrementAtPoints));
  expect(preempted['program-error']).toBeGreaterThan(10);
});

test('a race between two statements without a lock needs the statement grain', () => {
  const options = { ...bare, ncpu: 2, schedules: 400 };
  expect(verdicts(options, lostUpdate(incrementInTwoStatements))).toEqual({ passed: 400 });
  const fine = verdicts({ ...options, grain: 'statement' }, lostUpdate(incrementInTwoStatements));
  expect(fine['program-error']).toBeGreaterThan(1);
});

function* takeBoth([first, second]: [KMutex, KMutex]): Generator<void, void, void> {
  yield* mutex_enter(first);
  yield* mutex_enter(second);
  mutex_exit(second);
  mutex_exit(first);
}

/** Two LWPs that take two mutexes; `order` says whether both take them in the same order. */
function twoLocks(order: 'same' | 'opposite'): Main {
  return function* main() {
    const l = curlwp();
    const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
    const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
    const one = lwp_create(l.proc, takeBoth, [a, b] as [KMutex, KMutex], 'one');
    const pair: [KMutex, KMutex] = order === 'same' ? [a, b] : [b, a];
    const two = lwp_create(l.proc, takeBoth, pair, 'two');
    lwp_start(one);
    lwp_start(two);
    yield* lwp_wait(l, one.lid);
    yield* lwp_wait(l, two.lid);
  };
}

test('locks taken in opposite order deadlock on two CPUs, never on one', () => {
  const seen = verdicts({ ...bare, ncpu: 2, schedules: 100 }, twoLocks('opposite'));
  expect(seen.deadlock).toBeGreaterThan(5);
  expect(seen.passed).toBeGreaterThan(5);
  const one = verdicts({ ...bare, ncpu: 1, schedules: 100 }, twoLocks('opposite'));
  expect(one).toEqual({ passed: 100 });
});

test('locks taken in the same order never deadlock', () => {
  for (const ncpu of [1, 2, 4]) {
    for (const preemptOn of [false, true]) {
      const options = { ...bare, ncpu, preempt: preemptOn, schedules: 500 };
      expect(verdicts(options, twoLocks('same'))).toEqual({ passed: 500 });
    }
  }
});

test('a deadlock is reported when its last edge is made, while another LWP still runs', () => {
  const main: Main = function* main() {
    const l = curlwp();
    const spinner = lwp_create(l.proc, spin, undefined, 'spinner');
    lwp_start(spinner);
    yield* twoLocks('opposite')(undefined as never, undefined as never);
  };
  function* spin(): Generator<void, void, void> {
    for (;;) yield* preempt();
  }
  let found = '';
  for (let seed = 1; seed <= 200 && found === ''; seed++) {
    const options = { ...bare, ncpu: 3, seed, budget: 200_000, replay: 'left out' as const };
    const { outcome } = run(options, main);
    if (outcome.verdict === 'deadlock') found = outcome.message;
  }
  expect(found).toMatch(/LWP \d+ \((one|two)\) waits for [ab] held by LWP \d+;.*waits for [ab]/);
});

test('an LWP which spins for a wakeup does not starve the one it waits for', () => {
  passes({ ...bare, ncpu: 1, preempt: true, seed: 3 }, function* main() {
    const flag = { set: false };
    const l = curlwp();
    const setter = lwp_create(
      l.proc,
      function* set(arg: { set: boolean }): Generator<void, void, void> {
        arg.set = true;
      },
      flag,
      'setter',
    );
    lwp_start(setter);
    while (!flag.set) yield* preempt();
  });
});

/** Waits for another LWP without giving way by itself. */
const spinning: Main = function* main() {
  const l = curlwp();
  const flag = { set: false };
  const other = lwp_create(
    l.proc,
    function* set(): Generator<void, void, void> {
      yield* preempt();
      flag.set = true;
    },
    undefined,
    'setter',
  );
  lwp_start(other);
  while (!flag.set) yield* preempt();
  yield* lwp_wait(l, other.lid);
};

test('whoever spins gives way after a quantum, whenever a strategy wants to be asked', () => {
  const usual = once({}, spinning, new DefaultStrategy());
  expect(usual.outcome.verdict).toBe('passed');
  const never = once({}, spinning, new ReplayStrategy(new Int32Array(0)));
  expect(never.outcome).toEqual(usual.outcome);
  expect(never.digest).toBe(usual.digest);
});
