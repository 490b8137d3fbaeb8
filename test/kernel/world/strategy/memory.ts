/**
 * Shared memory for tests of strategies: accesses as the access image makes them, but by calls, and
 * runs of a program under one strategy that learns from each.
 */

import type { Main } from '../../../../kernel/api.ts';
import { hooks } from '../../../../kernel/hooks.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../../../kernel/kern/kern_lwp.ts';
import { mi_switch } from '../../../../kernel/kern/kern_sleepq.ts';
import type { MaySleep } from '../../../../kernel/maysleep.ts';
import { curlwp } from '../../../../kernel/world/current.ts';
import type { Strategy } from '../../../../kernel/world/strategy/strategy.ts';
import { once, type Ran, type RunOptions } from '../../harness.ts';

/** Variables that threads share, by name. */
export type Memory = Record<string, number>;

/** Reads a variable. `site` stands for the place in the source. */
export function* read(m: Memory, name: string, site: number): Generator<void, number, void> {
  if (hooks.accesses.readAt(m, name, -site)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  return m[name];
}

/** Writes a variable. */
export function* write(
  m: Memory,
  name: string,
  value: number,
  site: number,
): Generator<void, void, void> {
  if (hooks.accesses.writeAt(m, name, -site)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  m[name] = value;
}

/** Runs each of `bodies` on an LWP of its own and waits for all of them. */
export function* threads(...bodies: (() => MaySleep<unknown>)[]): Generator<void, void, void> {
  const l = curlwp();
  const made = bodies.map((body, i) => lwp_create(l.proc, body, undefined, `t${i}`));
  for (const other of made) lwp_start(other);
  for (const { lid } of made) yield* lwp_wait(l, lid);
}

const OPTIONS: RunOptions = {
  components: [],
  preempt: true,
  grain: 'access',
  budget: 20_000,
};

/** One run with a seed, from which the strategy learns. */
export function learnFrom(strategy: Strategy, seed: number, main: Main): Ran {
  strategy.reseed?.(seed);
  const ran = once(OPTIONS, main, strategy);
  strategy.ended?.(ran.world);
  return ran;
}

/** Runs until one fails; how many that took, or `limit` + 1. */
export function runsToFailure(strategy: Strategy, seed: number, limit: number, main: Main): number {
  for (let i = 1; i <= limit; i++) {
    if (learnFrom(strategy, seed * 1000 + i, main).outcome.verdict !== 'passed') return i;
  }
  return limit + 1;
}

/** Pearson's statistic of counts that should be equal. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}
