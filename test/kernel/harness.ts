/**
 * Running small kernel programs in tests: one world a run, recorded and replayed.
 *
 * Every run made here is replayed from its directives and compared, so a test that uses it is a
 * test of replay as well. With the kernel that tells of its accesses (RUMPUS_ACCESSES=kernel) every
 * run is watched for races, too: correct programs have none in the kernel.
 */

import { expect } from 'vitest';
import type { Main, ProgramOptions } from '../../kernel/api.ts';
import type { Kernel } from '../../kernel/kern/kernel.ts';
import { program, startProgram } from '../../kernel/program.ts';
import { IsolatedHost } from '../../kernel/rumpuser/isolated.ts';
import { siteTable } from '../../kernel/sites.ts';
import type { Verdict } from '../../kernel/verdict.ts';
import { detectors } from '../../kernel/world/detect/index.ts';
import type { Outcome } from '../../kernel/world/outcome.ts';
import { runWorld } from '../../kernel/world/run.ts';
import { PctStrategy } from '../../kernel/world/strategy/pct.ts';
import { RandomStrategy } from '../../kernel/world/strategy/random.ts';
import { ReplayStrategy } from '../../kernel/world/strategy/replay.ts';
import type { Grain, Strategy } from '../../kernel/world/strategy/strategy.ts';
import { digestText, World } from '../../kernel/world/world.ts';

export interface RunOptions extends ProgramOptions {
  readonly seed?: number;
  readonly strategy?: 'random' | 'pct';
  readonly grain?: Grain;
  /** Replaying doubles the time; a test over thousands of schedules may leave it to others. */
  readonly replay?: 'compared' | 'left out';
}

export interface Ran {
  readonly outcome: Outcome;
  readonly world: World;
  readonly kernel: Kernel;
  readonly digest: string;
}

const watching = siteTable.tellsAccesses('rumpus/kernel/');

/** Races of a run in which nothing failed. */
function expectNoRace(w: World): void {
  const races = w.reports.filter(({ verdict }) => verdict === 'data-race');
  expect(races.map((race) => race.message)).toEqual([]);
}

/** Runs `main` once under a strategy. */
export function once(options: RunOptions, main: Main, strategy: Strategy): Ran {
  strategy.begin();
  const world = new World({
    strategy,
    grain: options.grain ?? 'sync',
    budget: options.budget ?? 5_000_000,
    host: new IsolatedHost(1),
    observer: {},
    seed: 1,
    checkpoints: true,
    monitor: watching ? (detectors(['race']) ?? undefined) : undefined,
  });
  const kernel = startProgram(world, program(options, main));
  const outcome = runWorld(world);
  if (outcome === undefined) throw new Error('the world waits for its host');
  if (outcome.verdict === 'passed') expectNoRace(world);
  return { outcome, world, kernel, digest: digestText(world) };
}

function makeStrategy(options: RunOptions, main: Main): Strategy {
  const seed = options.seed ?? 1;
  if (options.strategy !== 'pct') return new RandomStrategy(seed);
  const flat = new PctStrategy(seed, 1);
  once(options, main, flat);
  const pct = new PctStrategy(seed, 3);
  pct.expect(flat.steps);
  return pct;
}

/** Runs `main` on a fresh kernel, replays the run from its directives, and compares the two. */
export function run(options: RunOptions, main: Main): Ran {
  const ran = once(options, main, makeStrategy(options, main));
  if (options.replay === 'left out') return ran;
  const again = once(options, main, new ReplayStrategy(ran.world.directives.copy()));
  expect(again.outcome.verdict).toBe(ran.outcome.verdict);
  expect(again.outcome.icount).toBe(ran.outcome.icount);
  expect(again.digest).toBe(ran.digest);
  expect(again.world.checkpoints).toEqual(ran.world.checkpoints);
  return ran;
}

/** Runs `main` and expects it to pass; shows what the program threw otherwise. */
export function passes(options: RunOptions, main: Main): Ran {
  const ran = run(options, main);
  if (ran.outcome.verdict === 'passed') return ran;
  const { verdict, message, error } = ran.outcome;
  throw new Error(`${verdict}: ${message}`, { cause: error });
}

/** How often each verdict comes out of `schedules` seeds. */
export function verdicts(
  options: RunOptions & { readonly schedules: number },
  main: Main,
): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (let seed = 1; seed <= options.schedules; seed++) {
    const replay = seed % 16 === 0 ? 'compared' : 'left out';
    const { verdict } = run({ replay, ...options, seed }, main).outcome;
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}
