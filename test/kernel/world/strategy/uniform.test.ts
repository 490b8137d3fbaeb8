/**
 * What URW and SURW claim: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency
 * Testing", ASPLOS 2025, theorems on interleaving and selective uniformity. The seeds are fixed; the
 * bounds are those that a uniform choice exceeds once in a thousand.
 */

import { expect, test } from 'vitest';
import type { Main } from '../../../../kernel/api.ts';
import { preempt } from '../../../../kernel/kern/kern_sleepq.ts';
import { PosStrategy } from '../../../../kernel/world/strategy/pos.ts';
import { RandomStrategy } from '../../../../kernel/world/strategy/random.ts';
import type { Strategy } from '../../../../kernel/world/strategy/strategy.ts';
import { SurwStrategy } from '../../../../kernel/world/strategy/surw.ts';
import { UrwStrategy } from '../../../../kernel/world/strategy/urw.ts';
import { chiSquare, learnFrom, type Memory, threads, write } from './memory.ts';

/** How often each of `outcomes` orders came in `runs`, after some from which it could learn. */
function orders(strategy: Strategy, runs: number, program: (order: string[]) => Main): number[] {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= runs + 10; seed++) {
    const order: string[] = [];
    learnFrom(strategy, seed, program(order));
    if (seed > 10) counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** Threads A and B with 3 and 2 writes; each start is an operation too. */
function independent(order: string[]): Main {
  return function* main() {
    const m: Memory = { x: 0 };
    function* body(name: string, writes: number): Generator<void, void, void> {
      order.push(name);
      for (let i = 0; i < writes; i++) {
        yield* write(m, 'x', i, i + 1);
        order.push(name);
      }
    }
    yield* threads(
      () => body('A', 3),
      () => body('B', 2),
    );
  };
}

/** The bound for 34 degrees of freedom, and for 5. */
const CHI_34 = 65.2;
const CHI_5 = 20.5;

test('URW gives each of the 35 interleavings of 4 and 3 operations equally often', () => {
  const counts = orders(new UrwStrategy(1), 3500, independent);
  expect(counts.length).toBe(35);
  expect(chiSquare(counts)).toBeLessThan(CHI_34);
  const walked = orders(new RandomStrategy(1), 3500, independent);
  expect(chiSquare(walked)).toBeGreaterThan(CHI_34);
});

/** A writes x twice; B has other things to do before it does the same. */
function selective(order: string[]): Main {
  return function* main() {
    const m: Memory = { x: 0 };
    function* body(name: string, before: number): Generator<void, void, void> {
      for (let i = 0; i < before; i++) yield* preempt();
      for (let i = 0; i < 2; i++) {
        yield* write(m, 'x', i, i + 1);
        order.push(name);
      }
    }
    yield* threads(
      () => body('A', 0),
      () => body('B', 8),
    );
  };
}

test('SURW gives each of the 6 orders of writes to one variable equally often, whatever is before', () => {
  const counts = orders(new SurwStrategy(1), 1200, selective);
  expect(counts.length).toBe(6);
  expect(chiSquare(counts)).toBeLessThan(CHI_5);
  const sampled = orders(new PosStrategy(1), 1200, selective);
  expect(chiSquare(sampled)).toBeGreaterThan(CHI_5);
});

test('POS draws the order of two conflicting writes, not of what they have nothing to do with', () => {
  const counts = orders(new PosStrategy(1), 2000, (order) => {
    return function* main() {
      const m: Memory = { x: 0, a: 0, b: 0 };
      function* body(name: string): Generator<void, void, void> {
        yield* write(m, 'x', 0, 1);
        order.push(name);
      }
      yield* threads(
        () => body('A'),
        () => body('B'),
      );
    };
  });
  expect(counts.length).toBe(2);
  expect(chiSquare(counts)).toBeLessThan(10.8);
});
