/**
 * Exhaustive search visits each class of schedules once. The counts of small programs are known from
 * the literature; everything else is compared with all schedules there are.
 */

import { expect, test } from 'vitest';
import {
  AtomicUint,
  atomic_inc_uint,
  ExhaustiveStrategy,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  preempt,
} from '../../../../kernel/index.ts';
import { hooks } from '../../../../kernel/hooks.ts';
import { mi_switch } from '../../../../kernel/kern/kern_sleepq.ts';
import { OP_ATOMIC } from '../../../../kernel/world/op.ts';
import { parallel, together } from '../../parallel.ts';
import { Cell, cleverly, load, naively, type Program, search, store } from './searching.ts';

const lostUpdate: Program = {
  make() {
    const x = new Cell('x');
    return {
      *main() {
        yield* parallel(2, function* worker() {
          const value = yield* load(x);
          yield* store(x, value + 1);
        });
      },
      state: () => String(x.value),
    };
  },
};

const philosophers: Program = {
  make() {
    const forks = ['a', 'b', 'c'].map((name) => mutex_obj_alloc(MUTEX_DEFAULT, name));
    const eats = (first: number, second: number) =>
      function* philosopher() {
        yield* mutex_enter(forks[first]);
        yield* mutex_enter(forks[second]);
        mutex_exit(forks[second]);
        mutex_exit(forks[first]);
      };
    return {
      *main() {
        yield* together(eats(0, 1), eats(1, 2), eats(0, 2));
      },
      state: () => '',
    };
  },
};

test('the lost update has 4 classes, and 4 runs see them', () => {
  const found = cleverly(lostUpdate);
  const all = naively(lostUpdate);
  expect([...found.classes.keys()].sort()).toEqual([...all.classes.keys()].sort());
  expect(found.strategy.certificate()).toBe('all 4 classes explored, in 4 executions');
});

test('three philosophers who take their forks in order have 6 classes', () => {
  const found = cleverly(philosophers);
  expect(found.strategy.certificate()).toBe('all 6 classes explored, in 6 executions');
  expect(found.classes.size).toBe(6);
  expect(search(philosophers).classes).toBe(6);
});

const spinning: Program = {
  make() {
    const flag = new Cell('flag');
    return {
      *main() {
        yield* together(
          function* waits() {
            while ((yield* load(flag)) === 0) yield* preempt();
          },
          function* waitsToo() {
            while ((yield* load(flag)) === 0) yield* preempt();
          },
          () => store(flag, 1),
        );
      },
      state: () => String(flag.value),
    };
  },
};

test('a plain read of an atomic depends on what atomic operations do to it', () => {
  const assertion: Program = {
    make() {
      const count = new AtomicUint();
      let seen = -1;
      return {
        *main() {
          yield* together(
            function* enters() {
              if (hooks.point(OP_ATOMIC, count)) yield* mi_switch();
              atomic_inc_uint(count);
            },
            function* asserts() {
              seen = yield* load(count);
            },
          );
        },
        state: () => String(seen),
      };
    },
  };
  expect([...cleverly(assertion).states].sort()).toEqual(['passed 0', 'passed 1']);
});

test('LWPs that spin until another has run come to an end, and the certificate says why', () => {
  const found = cleverly(spinning);
  expect([...found.states]).toEqual(['passed 1']);
  expect(found.strategy.exhausted).toBe(true);
  expect(found.strategy.certificate()).toMatch(
    /^all \d+ classes explored, in \d+ executions; who yields twice in a row at one place lets the others go first$/,
  );
  expect([...found.classes.values()].every((times) => times === 1)).toBe(true);
});

/** Two increments that are not atomic, of which the second LWP checks its own. */
const asserting: Program = {
  make() {
    const x = new Cell('x');
    const y = new Cell('y');
    return {
      *main() {
        yield* together(
          () => store(x, 1),
          function* checks() {
            if ((yield* load(x)) !== 0) throw new Error('x was written before');
          },
          () => store(y, 1),
        );
      },
      state: () => `${x.value} ${y.value}`,
    };
  },
};

test('a run that ends early is a class, and does not hide what the others would have done', () => {
  const found = cleverly(asserting);
  const all = naively(asserting);
  expect([...found.states].sort()).toEqual([...all.states].sort());
  expect(found.strategy.blocked).toBe(0);
});

test('with a bound every schedule with so many preemptions is run, and no other', () => {
  const none = search(lostUpdate, { preemptions: 0 });
  expect(none.certificate()).toMatch(/^all \d+ schedules with at most 0 preemptions explored, in/);
  const bounds = [0, 1, 2].map((preemptions) => search(lostUpdate, { preemptions }));
  const counts = bounds.map((bound) => bound.classes);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(cleverly(lostUpdate, { preemptions: 0 }).states).toEqual(new Set(['passed 2']));
  expect(cleverly(lostUpdate, { preemptions: 1 }).states).toEqual(
    new Set(['passed 1', 'passed 2']),
  );
  const every = cleverly(lostUpdate, { preemptions: Number.POSITIVE_INFINITY });
  expect(every.strategy.classes).toBe(naively(lostUpdate).runs);
  expect(every.strategy.certificate()).toMatch(/^all \d+ schedules \(none has more than \d+ preem/);
});

test('a search that is stopped says so', () => {
  const strategy = new ExhaustiveStrategy();
  expect(strategy.certificate()).toMatch(/^not exhaustive: the search was stopped before its end/);
});

test('a program that is not the same twice is found out', () => {
  let run = 0;
  const strange: Program = {
    make() {
      const x = new Cell('x');
      run++;
      return {
        *main() {
          if (run > 1) yield* preempt();
          yield* parallel(2, () => store(x, 1));
        },
        state: () => '',
      };
    },
  };
  const strategy = search(strange);
  expect(strategy.certificate()).toMatch(/^not exhaustive: the program is not deterministic: /);
  expect(strategy.exhausted).toBe(false);
});

test('a run that spends its budget is no proof', () => {
  const endless: Program = {
    options: { budget: 2000 },
    make: () => ({
      *main() {
        yield* parallel(1, function* spins() {
          for (;;) yield* preempt();
        });
      },
      state: () => '',
    }),
  };
  expect(search(endless).certificate()).toMatch(/^not exhaustive: 1 run ended with the statement/);
});
