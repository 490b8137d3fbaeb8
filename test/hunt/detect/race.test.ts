/** The race detector over the benchmarks: silent on every correct twin, in every kind of kernel. */

import { expect, test } from 'vitest';
import { loadProgram } from '../../../debugger/index.ts';
import { type Benchmark, benchmarks } from '../programs/index.ts';
import { lines, watchProgram } from './watch.ts';

const NAMED = benchmarks.map((b): [string, Benchmark] => [b.name, b]);

test.each(NAMED)('%s: no race is reported when it is fixed', async (_name, b) => {
  const loaded = await loadProgram(b.fixed, { access: true });
  for (const knobs of [
    { preempt: true },
    { preempt: false, ncpu: 1 },
    { preempt: false, ncpu: 3 },
  ]) {
    const seen = watchProgram(loaded, ['race'], 40, knobs);
    expect(lines(seen)).toEqual([]);
    expect(seen.verdicts).toEqual({ passed: 40 });
  }
});

test.each(['wronglock', 'update_map', 'peterson', 'double_checked_locking'])(
  '%s: the race is reported, also where nothing fails',
  async (name) => {
    const b = benchmarks.find((benchmark) => benchmark.name === name);
    const loaded = await loadProgram((b as Benchmark).buggy, { access: true });
    const seen = watchProgram(loaded, ['race'], 100);
    expect(seen.reports.size).toBeGreaterThan(0);
    const times = [...seen.reports.values()].map((found) => found.times);
    expect(Math.max(...times)).toBeGreaterThan(seen.verdicts['program-error'] ?? 0);
  },
);
