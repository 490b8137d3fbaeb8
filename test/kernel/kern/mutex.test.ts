/** mutex(9), and what lockdebug says of its misuse. */

import { expect, test } from 'vitest';
import type { Main } from '../../../kernel/api.ts';
import {
  curlwp,
  cv_init,
  cv_wait,
  type KMutex,
  kpause,
  MUTEX_DEFAULT,
  MUTEX_SPIN,
  mutex_destroy,
  mutex_enter,
  mutex_exit,
  mutex_init,
  mutex_obj_alloc,
  mutex_owned,
  mutex_tryenter,
  preempt,
  SOFTINT_NET,
  softint_establish,
  softint_schedule,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { caught, parallel, silent, together } from '../parallel.ts';

const BARE = { components: [] };

type Enter = (mtx: KMutex) => Generator<void, void, void>;

function* enter(mtx: KMutex): Generator<void, void, void> {
  yield* mutex_enter(mtx);
}

/** The buggy twin: looks, and takes it some time later. */
function* enterInTwoSteps(mtx: KMutex): Generator<void, void, void> {
  while (mtx.owner !== null) yield* preempt();
  yield* preempt();
  mtx.owner = curlwp();
}

function counting(type: 0 | 1, enterMutex: Enter, exit: (mtx: KMutex) => void): Main {
  return function* main() {
    const mtx = mutex_obj_alloc(type, 'counter');
    const counter = { x: 0 };
    yield* parallel(3, function* increment() {
      yield* enterMutex(mtx);
      const value = counter.x;
      yield* preempt();
      counter.x = value + 1;
      exit(mtx);
    });
    if (counter.x !== 3) throw new Error(`an update was lost: ${counter.x}`);
  };
}

test('an adaptive mutex excludes, under any schedule (mutex(9))', () => {
  silent(counting(MUTEX_DEFAULT, enter, mutex_exit));
});

test('a spin mutex excludes, under any schedule (mutex(9))', () => {
  silent(counting(MUTEX_SPIN, enter, mutex_exit));
});

test('a mutex that looks first and takes later is caught', () => {
  const main = counting(MUTEX_DEFAULT, enterInTwoSteps, (mtx) => {
    mtx.owner = null;
  });
  expect(caught(main, 'program-error', /update was lost/)).toBeGreaterThan(20);
});

test('spin mutexes nest, and contention on the inner one is no sleep (mutex(9))', () => {
  silent(function* main() {
    const outer = [mutex_obj_alloc(MUTEX_SPIN, 'o1'), mutex_obj_alloc(MUTEX_SPIN, 'o2')];
    const inner = mutex_obj_alloc(MUTEX_SPIN, 'inner');
    const nest = (mtx: KMutex) =>
      function* body(): Generator<void, void, void> {
        yield* mutex_enter(mtx);
        yield* mutex_enter(inner);
        yield* preempt();
        mutex_exit(inner);
        mutex_exit(mtx);
      };
    yield* together(nest(outer[0]), nest(outer[1]));
  });
});

test('no softint runs on a CPU whose LWP holds a spin mutex (spl(9))', () => {
  passes({ components: [], ncpu: 1 }, function* main() {
    const k = curlwp().kernel;
    const ran: string[] = [];
    const sh = softint_establish(
      k,
      SOFTINT_NET,
      function* handler() {
        ran.push('softint');
      },
      undefined,
    );
    const mtx = mutex_obj_alloc(MUTEX_SPIN, 'spl');
    yield* mutex_enter(mtx);
    softint_schedule(sh);
    for (let i = 0; i < 5; i++) yield* preempt();
    ran.push('exit');
    mutex_exit(mtx);
    for (let i = 0; i < 5; i++) yield* preempt();
    expect(ran).toEqual(['exit', 'softint']);
  });
});

test('mutex_tryenter takes only a free mutex; mutex_owned is about the caller (mutex(9))', () => {
  passes(BARE, function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'mtx');
    expect(mutex_tryenter(mtx)).toBe(true);
    expect(mutex_owned(mtx)).toBe(true);
    yield* together(function* other() {
      expect(mutex_tryenter(mtx)).toBe(false);
      expect(mutex_owned(mtx)).toBe(false);
    });
    mutex_exit(mtx);
  });
});

test('AB-BA on two mutexes is a deadlock with two CPUs, and with one if preempted', () => {
  function* main(): Generator<void, void, void> {
    const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
    const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
    const both = (x: KMutex, y: KMutex) =>
      function* body(): Generator<void, void, void> {
        yield* mutex_enter(x);
        yield* mutex_enter(y);
        mutex_exit(y);
        mutex_exit(x);
      };
    yield* together(both(a, b), both(b, a));
  }
  expect(caught(main, 'deadlock', /waits for [ab] held by LWP \d+; LWP/)).toBeGreaterThan(20);
  silent(main, { ncpu: 1, preempt: false }, 8);
});

const MISUSE: readonly [string, RegExp, () => Generator<void, void, void>][] = [
  [
    'entering a mutex twice',
    /locking against myself: mutex m/,
    function* misuse() {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      yield* mutex_enter(m);
      yield* mutex_enter(m);
    },
  ],
  [
    'releasing what another holds',
    /mutex m is released by LWP \d+, which does not hold it/,
    function* misuse() {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      yield* mutex_enter(m);
      yield* together(function* other() {
        mutex_exit(m);
      });
    },
  ],
  [
    'destroying a held mutex',
    /mutex m is destroyed while held/,
    function* misuse() {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      yield* mutex_enter(m);
      mutex_destroy(m);
    },
  ],
  [
    'using a destroyed mutex',
    /mutex m is used after it was destroyed/,
    function* misuse() {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      mutex_destroy(m);
      yield* mutex_enter(m);
    },
  ],
  [
    'initialising a live mutex',
    /mutex m is initialised twice/,
    function* misuse() {
      mutex_init(mutex_obj_alloc(MUTEX_DEFAULT, 'm'), MUTEX_DEFAULT);
    },
  ],
  [
    'sleeping with a spin mutex held',
    /may sleep on 'nap' with a spin lock held/,
    function* misuse() {
      yield* mutex_enter(mutex_obj_alloc(MUTEX_SPIN, 's'));
      yield* kpause('nap', 'uninterruptible', 1e6);
    },
  ],
  [
    'entering an adaptive mutex with a spin mutex held',
    /may sleep on 'm' with a spin lock held/,
    function* misuse() {
      yield* mutex_enter(mutex_obj_alloc(MUTEX_SPIN, 's'));
      yield* mutex_enter(mutex_obj_alloc(MUTEX_DEFAULT, 'm'));
    },
  ],
  [
    'waiting on a condition variable without its mutex',
    /cv_wait on cv without its mutex m/,
    function* misuse() {
      yield* cv_wait(cv_init('cv'), mutex_obj_alloc(MUTEX_DEFAULT, 'm'));
    },
  ],
  [
    'an LWP that exits with a mutex held',
    /exits with 'm' held/,
    function* misuse() {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      yield* together(function* other() {
        yield* mutex_enter(m);
      });
    },
  ],
];

test.each(MISUSE)('%s is a kassert (mutex(9), LOCKDEBUG)', (_what, message, misuse) => {
  const { outcome } = run(BARE, function* main() {
    yield* misuse();
  });
  expect(outcome.verdict).toBe('kassert');
  expect(outcome.message).toMatch(message);
});
