/** Who watches a run (world/monitor.ts) changes nothing of it. */

import { expect, test } from 'vitest';
import type { Main, ProgramOptions } from '../../../kernel/api.ts';
import { program, startProgram } from '../../../kernel/program.ts';
import { IsolatedHost } from '../../../kernel/rumpuser/isolated.ts';
import { type Monitor, QuietMonitor } from '../../../kernel/world/monitor.ts';
import { runWorld } from '../../../kernel/world/run.ts';
import { RandomStrategy } from '../../../kernel/world/strategy/random.ts';
import { digestText, World } from '../../../kernel/world/world.ts';
import closeBuggy from '../../gallery/kern-43694/buggy.ts';
import renameFixed from '../../gallery/kern-36681/fixed.ts';

function digest(options: ProgramOptions, main: Main, seed: number, monitor?: Monitor): string {
  const strategy = new RandomStrategy(seed);
  strategy.begin();
  const host = new IsolatedHost(1);
  const world = new World({
    strategy,
    grain: 'sync',
    budget: 5_000_000,
    host,
    observer: {},
    seed: 1,
    checkpoints: false,
    monitor,
  });
  startProgram(world, program(options, main));
  const outcome = runWorld(world);
  return `${outcome?.verdict} at ${outcome?.icount} ${digestText(world)}`;
}

test.each([
  ['kern/43694', closeBuggy],
  ['kern/36681, fixed', renameFixed],
])('a run has the same icounts and digest whoever watches it: %s', (_, { options, main }) => {
  for (let seed = 1; seed <= 20; seed++) {
    const watched = digest(options, main, seed, new QuietMonitor());
    expect(watched).toBe(digest(options, main, seed));
  }
});
