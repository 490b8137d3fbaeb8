/** What JavaScript hides is told of, and nothing of what is meant. */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadProgram } from '../../../debugger/index.ts';
import { type Benchmark, benchmarks } from '../programs/index.ts';
import { lines, watchProgram } from './watch.ts';

const load = (name: string) =>
  loadProgram(fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url)), { access: true });

test('accesses outside of typed arrays, cut offsets and NaN are told of, with their lines', async () => {
  const seen = watchProgram(await load('hidden'), ['traps'], 1);
  const found = [...seen.reports.values()].map(({ report }) =>
    report.message.replace(/rumpus.*hidden\.ts/, 'hidden.ts'),
  );
  expect(found).toEqual([
    'Uint8Array#1[4] is written outside of its 4 elements, at hidden.ts:13 (main) in LWP 1 (main)',
    'Uint8Array#1[4] is read outside of its 4 elements, at hidden.ts:14 (main) in LWP 1 (main)',
    'the operand of << does not fit into 32 bits: 4886718345, at hidden.ts:15 (main) in LWP 1 (main)',
    'the operand of | is NaN, at hidden.ts:16 (main) in LWP 1 (main)',
  ]);
});

test('what is meant to wrap or to cut is left alone', async () => {
  const seen = watchProgram(await load('wrapping'), ['traps'], 1);
  expect(lines(seen)).toEqual([]);
  expect(seen.verdicts).toEqual({ passed: 1 });
});

test.each(benchmarks.map((b): [string, Benchmark] => [b.name, b]))(
  '%s: nothing is told of when it is fixed',
  async (_name, b) => {
    const loaded = await loadProgram(b.fixed, { access: true });
    const seen = watchProgram(loaded, ['traps', 'lock-order', 'atomicity'], 10);
    expect(lines(seen)).toEqual([]);
  },
);
