/**
 * Published concurrency bugs, re-created as programs: what `rumpus hunt` is measured by.
 *
 * Each has a folder with buggy.ts, whose `expect` declares the bug, and fixed.ts, its correct twin.
 * buggy.ts passes on the default schedule unless `everySchedule` says otherwise; fixed.ts passes on
 * every one, and has no data race.
 */

import type { Benchmark } from './benchmark.ts';
import { csBenchmarks } from './list_cs.ts';
import { kernelBenchmarks } from './list_kernel.ts';
import { syncBenchmarks } from './list_sync.ts';

export type { Benchmark } from './benchmark.ts';

/** All of them. */
export const benchmarks: readonly Benchmark[] = [
  ...csBenchmarks,
  ...syncBenchmarks,
  ...kernelBenchmarks,
];
