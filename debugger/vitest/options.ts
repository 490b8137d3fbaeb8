/** What a run in a test is told, and where each part of it goes. */

import type { Grain, ProgramOptions } from '../../kernel/index.ts';
import { InputError } from '../errors.ts';
import { specOfSchedule } from '../hunt/shrink/head.ts';
import { accessesHere } from '../run/load.ts';
import {
  DEFAULT_SPEC,
  knobsFromEnvironment,
  type RunSpec,
  SEED_MAX,
  type StrategyName,
  wholeNumber,
} from '../run/spec.ts';

/** A program's options, and those of the command line. */
export interface KernelRunOptions extends ProgramOptions {
  /** Default: made from the test's name, or RUMPUS_SEED. */
  readonly seed?: number;
  readonly strategy?: StrategyName;
  /** Depth of the strategy `pct`. */
  readonly depth?: number;
  readonly grain?: Grain;
  /**
   * A schedule string, as a hunt prints it: its directives are followed as far as they fit, and what
   * its head says of seed, CPUs, grain and arguments holds.
   */
  readonly schedule?: string;
  /** The program's arguments. */
  readonly args?: readonly string[];
}

/** Statements a test's run may take: a few seconds, where a program's may take a minute. */
const TEST_BUDGET = 100_000_000;

/** The program's part of the options. */
export function programOptions(options: KernelRunOptions): ProgramOptions {
  const { seed: _s, strategy: _t, depth: _d, grain: _g, args: _a, ...others } = options;
  const { schedule: _c, ...rest } = others;
  return { budget: TEST_BUDGET, ...rest };
}

/** The run's part: `fullName` gives the seed when nobody else does. */
export function specFor(options: KernelRunOptions, fullName: string): RunSpec {
  if (options.schedule !== undefined) return scheduled(options.schedule);
  const { strategy, depth, grain, args } = options;
  return {
    ...DEFAULT_SPEC,
    seed: seedFor(options, fullName),
    strategy: strategy ?? DEFAULT_SPEC.strategy,
    depth: depth ?? DEFAULT_SPEC.depth,
    grain: grain ?? DEFAULT_SPEC.grain,
    accesses: accessesHere(),
    args: args ?? [],
    knobs: knobsFromEnvironment(process.env),
  };
}

function scheduled(schedule: string): RunSpec {
  const spec = specOfSchedule(schedule);
  if (spec.grain !== 'access') return spec;
  throw new InputError(
    'a schedule of the grain access is of another image than vitest has: put the program in a file ' +
      'of its own, and follow it with `await kernel.replay(file, schedule)`',
  );
}

/** Statements that a schedule of a hunt may take. */
const SCHEDULE_BUDGET = 20_000_000;

/** The same for hunt(), whose defaults are those of `rumpus hunt`. */
export function huntSpecFor(options: KernelRunOptions, fullName: string): RunSpec {
  const spec = specFor(options, fullName);
  const { ncpu, preempt, strategy, grain, budget } = options;
  return {
    ...spec,
    strategy: strategy ?? 'auto',
    grain: grain ?? 'access',
    detectors: ['race'],
    budget: budget ?? SCHEDULE_BUDGET,
    knobs: { ...spec.knobs, preempt: preempt ?? (spec.knobs.ncpu ?? ncpu) === undefined },
  };
}

function seedFor(options: KernelRunOptions, fullName: string): number {
  const text = process.env['RUMPUS_SEED'];
  if (text !== undefined && text !== '') return wholeNumber('RUMPUS_SEED', text, 0, SEED_MAX);
  if (options.seed === undefined) return hash(fullName);
  if (Number.isSafeInteger(options.seed) && options.seed >= 0) return options.seed;
  throw new InputError(`seed must be a whole number from 0 to ${SEED_MAX}, not ${options.seed}`);
}

/** FNV-1a, folded to six digits or so: a seed that people can type. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return ((value ^ (value >>> 16)) >>> 0) % 1_000_000;
}
