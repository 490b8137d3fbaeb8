/**
 * The inner loop of a hunt: one schedule after another in this thread, nothing kept but the first
 * failure.
 *
 * Schedule number i of a hunt with seed s runs with scheduleSeed(s, i); which thread runs it does
 * not matter, so a hunt finds the same failure on any number of cores.
 */

import { dirname } from 'node:path';
import {
  Directives,
  PctStrategy,
  type Program,
  RandomStrategy,
  runWorld,
  startProgram,
  type Strategy,
  World,
} from '../../kernel/index.ts';
import { effectiveOptions } from '../run/execute.ts';
import { SeededHost } from '../run/host.ts';
import type { LoadedProgram } from '../run/load.ts';
import { budgetOf, makeStrategy, type RunSpec } from '../run/spec.ts';

/** Seed of schedule number `index` (from 0): distinct, and far apart in the generator. */
export function scheduleSeed(seed: number, index: number): number {
  return (seed * 1_000_003 + index) % Number.MAX_SAFE_INTEGER;
}

/** A failing schedule. */
export interface Found {
  readonly index: number;
  readonly verdict: string;
  readonly message: string;
  readonly lwp: number;
}

/** What a range of schedules did. */
export interface RangeResult {
  readonly schedules: number;
  readonly found: Found | null;
  /** Statements run in all of them. */
  readonly statements: number;
  /** Most scheduling points that one had. */
  readonly longest: number;
}

function reseed(strategy: Strategy, seed: number): void {
  if (strategy instanceof RandomStrategy || strategy instanceof PctStrategy) strategy.reseed(seed);
  strategy.begin();
}

function merged(loaded: LoadedProgram, spec: RunSpec): Program {
  const p = loaded.instance();
  return { ...p, options: effectiveOptions(p, spec) };
}

/** Runs schedules [from, to) and stops at the first that fails, or when `stopAt` says so. */
export function runRange(
  loaded: LoadedProgram,
  spec: RunSpec,
  from: number,
  to: number,
  stopBefore: () => number = () => to,
): RangeResult {
  const strategy = makeStrategy(spec);
  const directives = new Directives();
  const host = new SeededHost(dirname(loaded.file), () => {});
  const observer = {};
  const shared = merged(loaded, spec);
  let statements = 0;
  let longest = 0;
  let index = from;
  for (; index < to; index++) {
    if ((index & 63) === 0 && stopBefore() <= index) break;
    const seed = scheduleSeed(spec.seed, index);
    reseed(strategy, seed);
    host.reseed(seed);
    const p = loaded.compiled.stateful ? merged(loaded, spec) : shared;
    const { grain } = spec;
    const budget = budgetOf(spec, p.options);
    const world = new World({
      strategy,
      grain,
      budget,
      host,
      observer,
      seed,
      checkpoints: false,
      directives,
    });
    startProgram(world, p, spec.args);
    const outcome = runWorld(world);
    strategy.ended?.(world);
    host.closeAll();
    statements += world.icount;
    if (world.points > longest) longest = world.points;
    if (outcome === undefined || outcome.verdict === 'passed') continue;
    const { verdict, message, lwp } = outcome;
    return {
      schedules: index - from + 1,
      found: { index, verdict, message, lwp },
      statements,
      longest,
    };
  }
  return { schedules: index - from, found: null, statements, longest };
}
