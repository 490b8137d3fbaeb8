/**
 * Exhaustive search visits each class of schedules once. The counts of small programs are known from
 * the literature; everything else is compared with all schedules there are.
 */

import { expect, test } from 'vitest';
import {
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from '../../../../kernel/index.ts';
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
