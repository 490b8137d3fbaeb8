/** The benchmarks are what their list says: they compile, and fail and pass where they should. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_SPEC,
  execute,
  hunt,
  type LoadedProgram,
  loadProgram,
  type RunSpec,
  recordingOf,
  replay,
  scheduleSeed,
} from '../../debugger/index.ts';
import { type Benchmark, benchmarks } from './programs/index.ts';

const folder = fileURLToPath(new URL('./programs', import.meta.url));
const byDefault: RunSpec = { ...DEFAULT_SPEC, strategy: 'default' };
/** Every interleaving, as a hunt without --ncpu has it. */
const statement: RunSpec = { ...DEFAULT_SPEC, grain: 'statement', knobs: { preempt: true } };
const access: RunSpec = { ...statement, grain: 'access' };

/** Runs once; gives the verdict, with its sentence when it is not `passed`. */
function outcomeOf(loaded: LoadedProgram): string {
  const { verdict, message } = execute(loaded, byDefault).outcome;
  return verdict === 'passed' ? verdict : `${verdict}: ${message}`;
}

/** Runs a few schedules and replays each; gives how one of them differed. */
function divergence(loaded: LoadedProgram, spec: RunSpec): string | null {
  for (let i = 0; i < 8; i++) {
    const seeded = { ...spec, seed: scheduleSeed(1, i) };
    const run = execute(loaded, seeded);
    const found = replay(loaded, recordingOf(loaded, seeded, run)).divergence;
    if (found !== null) return `schedule ${i}: ${found}`;
  }
  return null;
}

test('every folder is in the list, once', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory());
  const names = benchmarks.map(({ name }) => name);
  expect(names.toSorted()).toEqual(folders.map(({ name }) => name).sort());
});

describe.each(benchmarks.map((b): [string, Benchmark] => [b.name, b]))('%s', (_name, b) => {
  test('declares what the list says, and hides it from the default schedule', async () => {
    const loaded = await loadProgram(b.buggy);
    const { expect: declared } = loaded.instance().options;
    expect(declared).toMatchObject({ verdict: b.verdict });
    expect(declared?.message).toEqual(b.message);
    if (b.everySchedule) expect(outcomeOf(loaded)).toMatch(new RegExp(`^${b.verdict}: `));
    else expect(outcomeOf(loaded)).toBe('passed');
  });

  test('replays at the grains statement and access', async () => {
    expect(divergence(await loadProgram(b.buggy), statement)).toBeNull();
    expect(divergence(await loadProgram(b.buggy, { access: true }), access)).toBeNull();
  });

  test('passes when it is fixed', async () => {
    const loaded = await loadProgram(b.fixed);
    expect(loaded.instance().options.expect).toBeUndefined();
    expect(outcomeOf(loaded)).toBe('passed');
    const { bugs } = await hunt(loaded, statement, { schedules: 50, workers: 1 });
    expect(bugs).toEqual([]);
  });
});
