/**
 * RunSpec: everything that a run is told, as plain data. It is the `config` of a recording.
 *
 * Where a value comes from: the command line, else the environment (RUMPUS' knobs are rump's:
 * RUMP_NCPU and so on), else the program's own options, else the default.
 */

import {
  DEFAULT_BUDGET,
  AlternatingStrategy,
  type DetectorName,
  DefaultStrategy,
  ExhaustiveStrategy,
  type Grain,
  type KernelConfig,
  PctStrategy,
  type ProgramOptions,
  RaceStrategy,
  RandomStrategy,
  PosStrategy,
  RoundRobinStrategy,
  type Strategy,
  SurwStrategy,
  UrwStrategy,
} from '../../kernel/index.ts';
import { InputError } from '../errors.ts';
import { FollowStrategy } from '../hunt/shrink/strategy.ts';
import { parseSchedule } from '../hunt/shrink/text.ts';

export const STRATEGIES = [
  'auto',
  'surw',
  'urw',
  'pos',
  'race',
  'pct',
  'random',
  'round-robin',
  'default',
  'exhaustive',
] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** Whose accesses are told: the program's, or the kernel's too, in a second compilation of it. */
export const ACCESSES = ['program', 'kernel'] as const;
export type Accesses = (typeof ACCESSES)[number];

/** Largest number of virtual CPUs, as in rump. */
export const NCPU_MAX = 64;
/** Largest seed: what a double holds exactly. */
export const SEED_MAX = Number.MAX_SAFE_INTEGER;

export interface RunSpec {
  readonly args: readonly string[];
  readonly seed: number;
  readonly strategy: StrategyName;
  /** Most preemptions that an exhaustive search tries; -1 for all schedules that differ. */
  readonly preemptions: number;
  /** Depth of PCT. */
  readonly depth: number;
  /** Steps that PCT expects a run to have; 0 to measure them (calibrated() in execute.ts). */
  readonly expectedSteps: number;
  /** Directives to follow as far as they fit, instead of a strategy (hunt/shrink/text.ts). */
  readonly schedule?: string;
  readonly grain: Grain;
  /** Says which kernel a run at the grain `access`, or with detectors, needs. */
  readonly accesses: Accesses;
  /** Detectors by name. A run ends with what they find, a hunt notes it. */
  readonly detectors: readonly DetectorName[];
  /** The one finding (Report.signature) that a run ends with; '' for any. */
  readonly ending: string;
  readonly budget: number;
  /** Knobs that the command line or the environment set over the program's own. */
  readonly knobs: Partial<KernelConfig>;
}

export const DEFAULT_SPEC: RunSpec = {
  args: [],
  seed: 1,
  strategy: 'random',
  preemptions: -1,
  depth: 3,
  expectedSteps: 0,
  grain: 'sync',
  accesses: 'program',
  detectors: [],
  ending: '',
  budget: 0,
  knobs: {},
};

/** A strategy object for a spec. */
export function makeStrategy(spec: RunSpec): Strategy {
  if (spec.schedule !== undefined) return new FollowStrategy(parseSchedule(spec.schedule));
  switch (spec.strategy) {
    case 'auto':
      return new AlternatingStrategy(spec.seed);
    case 'surw':
      return new SurwStrategy(spec.seed);
    case 'urw':
      return new UrwStrategy(spec.seed);
    case 'pos':
      return new PosStrategy(spec.seed);
    case 'race':
      return new RaceStrategy(spec.seed);
    case 'random':
      return new RandomStrategy(spec.seed);
    case 'pct': {
      const pct = new PctStrategy(spec.seed, spec.depth);
      pct.expect(spec.expectedSteps);
      return pct;
    }
    case 'round-robin':
      return new RoundRobinStrategy();
    case 'exhaustive':
      return spec.preemptions < 0
        ? new ExhaustiveStrategy()
        : new ExhaustiveStrategy({ preemptions: spec.preemptions });
    case 'default':
      return new DefaultStrategy();
  }
}

/** The statement budget that holds for a program under a spec. */
export function budgetOf(spec: RunSpec, options: ProgramOptions): number {
  return spec.budget > 0 ? spec.budget : (options.budget ?? DEFAULT_BUDGET);
}

/** Reads a whole number in a range; anything else is one sentence. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new InputError(`${name} must be a whole number from ${min} to ${max}, not '${text}'`);
  }
  return value;
}

/** `32M`, `1G`, `4096` as bytes. */
export function byteSize(name: string, text: string): number {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text.trim());
  if (match === null)
    throw new InputError(`${name} must be a size such as 512k or 32m, not '${text}'`);
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match[2].toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The knobs that the environment sets. */
export function knobsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Partial<KernelConfig> {
  const knobs: Partial<Writable<KernelConfig>> = {};
  const take = (name: string, use: (text: string) => void) => {
    const text = env[name];
    if (text !== undefined && text !== '') use(text);
  };
  take('RUMP_NCPU', (text) => {
    knobs.ncpu = text === 'host' ? DEFAULT_NCPU : wholeNumber('RUMP_NCPU', text, 1, NCPU_MAX);
  });
  take('RUMP_THREADS', (text) => {
    knobs.threads = wholeNumber('RUMP_THREADS', text, 0, 1) === 1;
  });
  take('RUMP_MEMLIMIT', (text) => {
    knobs.memlimitBytes = byteSize('RUMP_MEMLIMIT', text);
  });
  take('RUMP_VERBOSE', (text) => {
    knobs.verbose = text !== '0';
  });
  take('RUMP_NVNODES', (text) => {
    knobs.nvnodes = wholeNumber('RUMP_NVNODES', text, 1, 1 << 24);
  });
  take('RUMP_BLKFAIL', (text) => {
    knobs.blkfail = wholeNumber('RUMP_BLKFAIL', text, 0, 10000);
  });
  take('RUMP_BLKFAIL_SEED', (text) => {
    knobs.blkfailSeed = wholeNumber('RUMP_BLKFAIL_SEED', text, 0, 0xffffffff);
  });
  return knobs;
}

/** rump's own default, whatever the host has: a run must not depend on the host. */
const DEFAULT_NCPU = 2;

/** Checks knobs that came out of a program's options. */
export function checkKnobs(options: Partial<KernelConfig>): void {
  if (options.ncpu !== undefined) wholeNumber('ncpu', String(options.ncpu), 1, NCPU_MAX);
  if (options.blkfail !== undefined) wholeNumber('blkfail', String(options.blkfail), 0, 10000);
  if (options.nvnodes !== undefined) wholeNumber('nvnodes', String(options.nvnodes), 1, 1 << 24);
}
