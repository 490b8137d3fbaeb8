/** Every recording of a mixed workload replays to the same digest, whatever made its schedule. */

import { expect, test } from 'vitest';
import {
  DEFAULT_SPEC,
  execute,
  loadProgram,
  type RunSpec,
  recordingOf,
  replay,
} from '../../debugger/index.ts';

const STRATEGIES = ['auto', 'random', 'pct', 'pos', 'surw', 'urw', 'race'] as const;
const GRAINS = ['sync', 'access', 'statement'] as const;
const SEEDS = 420;

function specOf(seed: number): RunSpec {
  return {
    ...DEFAULT_SPEC,
    ...{ seed, args: ['6', '3'] },
    strategy: STRATEGIES[seed % STRATEGIES.length],
    grain: GRAINS[seed % GRAINS.length],
    knobs: { ncpu: 1 + (seed % 4), preempt: seed % 2 === 0, faults: seed % 5 === 0 ? 8 : 0 },
  };
}

test('recordings of every strategy and grain replay identically', async () => {
  const loaded = await loadProgram('bench/programs/workers.ts', { access: true });
  for (let seed = 1; seed <= SEEDS; seed++) {
    const spec = specOf(seed);
    const recording = recordingOf(loaded, spec, execute(loaded, spec));
    const { divergence } = replay(loaded, recording);
    expect([seed, divergence]).toEqual([seed, null]);
  }
});
