/** Race-directed runs: orders that a random walk finds once in a million runs, and when to stop. */

import { expect, test } from 'vitest';
import type { Main } from '../../../../kernel/api.ts';
import { RaceStrategy } from '../../../../kernel/world/strategy/race.ts';
import { learnFrom, type Memory, read, runsToFailure, threads, write } from './memory.ts';

/** Twelve threads write a, then b; the bug needs a reader between the first a and the first b. */
const reorder: Main = function* main() {
  const m: Memory = { a: 0, b: 0 };
  function* set(): Generator<void, void, void> {
    yield* write(m, 'a', 1, 1);
    yield* write(m, 'b', 1, 2);
  }
  function* check(): Generator<void, void, void> {
    const a = yield* read(m, 'a', 3);
    const b = yield* read(m, 'b', 4);
    if (a !== b) throw new Error(`a is ${a} and b is ${b}`);
  }
  yield* threads(...new Array<typeof set>(12).fill(set), check);
};

test('a reader is let between two writes, however many threads write', () => {
  for (let seed = 1; seed <= 10; seed++) {
    expect(runsToFailure(new RaceStrategy(1), seed, 100, reorder)).toBeLessThanOrEqual(100);
  }
});

test('what reads from which write is counted, and the end of the news is the end', () => {
  const strategy = new RaceStrategy(1);
  const main: Main = function* main() {
    const m: Memory = { x: 0 };
    function* one(): Generator<void, void, void> {
      yield* write(m, 'x', 1, 1);
      yield* write(m, 'x', 2, 2);
    }
    function* two(): Generator<void, void, void> {
      yield* read(m, 'x', 3);
    }
    yield* threads(one, two);
  };
  let runs = 0;
  while (strategy.more() && runs < 2000) learnFrom(strategy, ++runs, main);
  expect(strategy.coverage).toBe(2);
  expect(runs).toBeLessThan(400);
});
