/**
 * Every schedule with up to two preemptions: the primitives hold, and their buggy twins are
 * caught. Two or three LWPs each; what random seeds might miss cannot hide here.
 */

import { expect, test } from 'vitest';
import {
  AtomicUint,
  atomic_cas_uint,
  atomic_inc_uint,
  type curlwp,
  cv_init,
  cv_signal,
  cv_wait,
  kpause,
  type Main,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  preempt,
  RW_READER,
  RW_WRITER,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
  sleepq_block,
  sleepq_enter,
  sleepq_wakeone,
} from '../../../kernel/index.ts';
import { exploreAll } from '../exhaustive.ts';
import { parallel, together } from '../parallel.ts';

const two = { components: [], ncpu: 2, preemptions: 2, budget: 20_000, limit: 5000 };
const preempted = { ...two, ncpu: 1, preempt: true };

/** Both ways to interleave: two CPUs, and one CPU with kernel preemption. */
function exploreBoth(main: Main) {
  return [exploreAll(two, main), exploreAll(preempted, main)];
}

function holds(main: Main): void {
  for (const { schedules, verdicts } of exploreBoth(main)) {
    expect(schedules).toBeGreaterThan(4);
    expect(verdicts).toEqual({ passed: schedules });
  }
}

function fails(main: Main, verdict: 'program-error' | 'lost-wakeup' | 'deadlock'): void {
  for (const { verdicts } of exploreBoth(main)) {
    expect(verdicts[verdict]).toBeGreaterThan(0);
    expect(verdicts.passed).toBeGreaterThan(0);
  }
}

interface Section {
  enter(): Generator<void, void, void>;
  exit(): void;
}

/** Two LWPs in a critical section, made anew for each schedule. */
function critical(make: () => Section): Main {
  return function* main() {
    const section = make();
    let inside = 0;
    yield* parallel(2, function* worker() {
      yield* section.enter();
      if (++inside > 1) throw new Error('two LWPs are inside');
      yield* preempt();
      inside--;
      section.exit();
    });
  };
}

test('a mutex lets one in; a flag that is looked at first and set later does not', () => {
  holds(
    critical(() => {
      const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      return {
        *enter() {
          yield* mutex_enter(mtx);
        },
        exit: () => mutex_exit(mtx),
      };
    }),
  );
  const twin = critical(() => {
    const flag = { held: false };
    return {
      *enter() {
        while (flag.held) yield* kpause('flag', 'uninterruptible', 1e6);
        yield* preempt();
        flag.held = true;
      },
      exit: () => {
        flag.held = false;
      },
    };
  });
  fails(twin, 'program-error');
});

test('a writer of an rwlock excludes; two readers do not', () => {
  const locked = (op: typeof RW_READER | typeof RW_WRITER) =>
    critical(() => {
      const lock = rw_obj_alloc('rw');
      return {
        *enter() {
          yield* rw_enter(lock, op);
        },
        exit: () => rw_exit(lock),
      };
    });
  holds(locked(RW_WRITER));
  const readers = exploreAll(two, locked(RW_READER));
  expect(readers.verdicts['program-error']).toBeGreaterThan(0);
});

test('compare-and-swap loses no increment; a load and a store do', () => {
  const counting = (increment: (a: AtomicUint) => Generator<void, void, void>): Main =>
    function* main() {
      const a = new AtomicUint(0);
      yield* parallel(2, () => increment(a));
      if (a.value !== 2) throw new Error(`${a.value}`);
    };
  holds(
    counting(function* increment(a) {
      atomic_inc_uint(a);
      yield* preempt();
    }),
  );
  holds(
    counting(function* increment(a) {
      for (;;) {
        const old = a.value;
        yield* preempt();
        if (atomic_cas_uint(a, old, old + 1) === old) return;
      }
    }),
  );
  fails(
    counting(function* increment(a) {
      const old = a.value;
      yield* preempt();
      a.value = old + 1;
    }),
    'program-error',
  );
});

test('cv_wait gives up its mutex and sleeps in one step', () => {
  holds(function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('item');
    let item = false;
    yield* together(
      function* consume() {
        yield* mutex_enter(mtx);
        while (!item) yield* cv_wait(cv, mtx);
        mutex_exit(mtx);
      },
      function* produce() {
        yield* mutex_enter(mtx);
        item = true;
        cv_signal(cv);
        mutex_exit(mtx);
      },
    );
  });
});

test('a wait that looks before it queues loses the wakeup', () => {
  const main: Main = function* main() {
    const waiters: ReturnType<typeof curlwp>[] = [];
    const box = { item: false };
    yield* together(
      function* consume() {
        if (box.item) return;
        yield* preempt();
        sleepq_enter(waiters, box, 'item');
        yield* sleepq_block(0, 'uninterruptible');
      },
      function* produce() {
        yield* preempt();
        box.item = true;
        sleepq_wakeone(waiters);
      },
    );
  };
  fails(main, 'lost-wakeup');
});
