/**
 * Programs that detectors watch, with their accesses written by hand as the access image has them,
 * under many schedules.
 */

import type { Main, ProgramOptions } from '../../../../kernel/api.ts';
import { hooks } from '../../../../kernel/hooks.ts';
import { mi_switch } from '../../../../kernel/kern/kern_sleepq.ts';
import { program, startProgram } from '../../../../kernel/program.ts';
import { IsolatedHost } from '../../../../kernel/rumpuser/isolated.ts';
import {
  type DetectorName,
  type DetectorOptions,
  detectors,
} from '../../../../kernel/world/detect/index.ts';
import type { Monitor } from '../../../../kernel/world/monitor.ts';
import type { Outcome } from '../../../../kernel/world/outcome.ts';
import type { Report } from '../../../../kernel/world/report.ts';
import { runWorld } from '../../../../kernel/world/run.ts';
import { RandomStrategy } from '../../../../kernel/world/strategy/random.ts';
import type { Grain } from '../../../../kernel/world/strategy/strategy.ts';
import { World } from '../../../../kernel/world/world.ts';

/** Something that LWPs share. */
export class Cell {
  value = 0;
  other = 0;
}

/** The access sites of a module with a reading and a writing function. */
export const SITES = hooks.accesses.module({
  path: 'test/cell.ts',
  hash: '0',
  functions: ['get', 'put'],
  accesses: '1:4:0r value;2:4:1w value;3:4:0r other;4:4:1w other',
});

export function* get(c: Cell): Generator<void, number, void> {
  if (hooks.accesses.read(c, SITES)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  return c.value;
}

export function* put(c: Cell, value: number): Generator<void, void, void> {
  if (hooks.accesses.write(c, SITES - 1)) {
    yield* mi_switch();
    hooks.accesses.resumed();
  }
  c.value = value;
}

/** A lost update, if nothing keeps others out. */
export function* bump(c: Cell): Generator<void, void, void> {
  yield* put(c, (yield* get(c)) + 1);
}

export interface WatchOptions extends ProgramOptions, DetectorOptions {
  readonly grain?: Grain;
}

export interface Watched {
  readonly outcome: Outcome;
  readonly reports: readonly Report[];
  readonly world: World;
}

/** Runs `main` once, watched. */
export function watch(
  monitor: Monitor | null,
  options: WatchOptions,
  seed: number,
  main: Main,
): Watched {
  const strategy = new RandomStrategy(seed);
  strategy.begin();
  const world = new World({
    strategy,
    grain: options.grain ?? 'access',
    budget: options.budget ?? 1_000_000,
    host: new IsolatedHost(1),
    observer: {},
    seed: 1,
    checkpoints: false,
    monitor: monitor ?? undefined,
  });
  startProgram(world, program({ components: [], preempt: true, ...options }, main));
  const outcome = runWorld(world);
  if (outcome === undefined) throw new Error('the world waits for its host');
  return { outcome, reports: world.reports, world };
}

/** Runs `main` under many schedules; all reports, and how often each verdict came out. */
export function watchAll(
  names: readonly DetectorName[],
  options: WatchOptions,
  main: Main,
  schedules = 200,
): { reports: Report[]; verdicts: Record<string, number> } {
  const monitor = detectors(names, options);
  const reports: Report[] = [];
  const verdicts: Record<string, number> = {};
  for (let seed = 1; seed <= schedules; seed++) {
    const ran = watch(monitor, options, seed, main);
    reports.push(...ran.reports);
    const { verdict, message, error } = ran.outcome;
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    if (verdict === 'trap' || verdict === 'program-error') {
      throw new Error(message, { cause: error });
    }
  }
  return { reports, verdicts };
}

/** Kinds of kernels and grains under which a correct program has to stay silent. */
export const KINDS: readonly WatchOptions[] = [true, false].flatMap((preempt) =>
  [1, 2, 4].flatMap((ncpu) =>
    (['sync', 'access', 'statement'] as const).map((grain) => ({ preempt, ncpu, grain })),
  ),
);

/** Expects that nothing is reported under any kind of schedule, and that the program passes. */
export function silent(
  names: readonly DetectorName[],
  main: Main,
  options: WatchOptions = {},
  schedules = 60,
): void {
  for (const kind of KINDS) {
    const { reports, verdicts } = watchAll(names, { ...kind, ...options }, main, schedules);
    if (reports.length > 0) {
      const { message, explanation } = reports[0];
      throw new Error(`${JSON.stringify(kind)}: ${[message, ...explanation].join(' ')}`);
    }
    if (verdicts['passed'] !== schedules) {
      throw new Error(`${JSON.stringify(kind)}: ${JSON.stringify(verdicts)}`);
    }
  }
}
