/** Hunts: the first failing schedule, the same one whatever runs it. */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  calibrated,
  DEFAULT_SPEC,
  execute,
  hunt,
  loadProgram,
  type RunSpec,
  scheduleSeed,
} from '../../debugger/index.ts';

const race = fileURLToPath(new URL('./programs/race.ts', import.meta.url));

test('a hunt finds the race, and the failing schedule runs again from its own seed', async () => {
  const loaded = await loadProgram(race);
  const result = await hunt(loaded, DEFAULT_SPEC, { schedules: 1000, workers: 1 });
  expect(result.bugs[0]?.found.verdict).toBe('program-error');
  const index = result.bugs[0]?.found.index ?? -1;
  expect(result.schedules).toBe(index + 1);
  const spec = { ...DEFAULT_SPEC, seed: scheduleSeed(DEFAULT_SPEC.seed, index) };
  expect(execute(loaded, spec).outcome.message).toBe(result.bugs[0]?.found.message);
});

test('a hunt on one CPU without preemption ends with its budget', async () => {
  const loaded = await loadProgram(race);
  const spec: RunSpec = { ...DEFAULT_SPEC, knobs: { ncpu: 1 } };
  const result = await hunt(loaded, spec, { schedules: 300, workers: 1 });
  expect(result).toMatchObject({ bugs: [], schedules: 300, interrupted: false });
});

test('pct is told how long a run is, and finds the race', async () => {
  const loaded = await loadProgram(race);
  const spec = calibrated(loaded, { ...DEFAULT_SPEC, strategy: 'pct', depth: 3 });
  expect(spec.expectedSteps).toBeGreaterThan(1);
  expect(spec.expectedSteps).toBeLessThan(100);
  const result = await hunt(loaded, spec, { schedules: 1000, workers: 1 });
  expect(result.bugs[0]?.found.verdict).toBe('program-error');
});

test('an interrupted hunt gives what it has', async () => {
  const loaded = await loadProgram(race);
  const signal = AbortSignal.abort();
  const result = await hunt(loaded, DEFAULT_SPEC, { schedules: 1000, workers: 1, signal });
  expect(result).toMatchObject({ bugs: [], schedules: 0, interrupted: true });
});
