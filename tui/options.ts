/**
 * Options that every command which runs a program has, and the RunSpec that they make.
 *
 * Where a value comes from: the option, else the environment (RUMP_NCPU and so on), else the
 * program's own options, else the default.
 */

import type { Command } from 'commander';
import {
  ACCESSES,
  accessesHere,
  byteSize,
  DEFAULT_SPEC,
  InputError,
  knobsFromEnvironment,
  NCPU_MAX,
  type RunSpec,
  SEED_MAX,
  STRATEGIES,
  type StrategyName,
  wholeNumber,
} from '../debugger/index.ts';
import { FAULTS, type Grain, type KernelConfig } from '../kernel/index.ts';

export const GRAINS: readonly Grain[] = ['sync', 'access', 'statement'];
/** Folder in which recordings and cores are written. */
export const OUT_DIR = '.rumpus';
const BUDGET_MAX = 1e12;
const DEPTH_MAX = 100;
const STEPS_MAX = 1e9;

/** The options as commander gives them. */
export interface RunFlags {
  readonly ncpu?: string;
  readonly preempt?: boolean;
  readonly seed?: string;
  readonly strategy?: string;
  readonly depth?: string;
  readonly steps?: string;
  readonly grain?: string;
  readonly accesses?: string;
  readonly budget?: string;
  readonly arg?: readonly string[];
  readonly threads?: string;
  readonly memlimit?: string;
  readonly nvnodes?: string;
  readonly blkfail?: string;
  readonly blkfailSeed?: string;
  readonly faults?: string;
  readonly lockdebug?: boolean;
}

/** Options of every command that prints data. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on stdout and nothing else')
    .option('-q, --quiet', 'print less');
}

export function addOutOption(command: Command): Command {
  return command.option('--out <dir>', 'folder for recordings and cores', OUT_DIR);
}

/** What a command does that is told nothing; for its help. */
export interface RunDefaults {
  readonly strategy: string;
  readonly grain: Grain;
}

/** Adds the options that a run has. */
export function addRunOptions(
  command: Command,
  usual: RunDefaults = { strategy: DEFAULT_SPEC.strategy, grain: DEFAULT_SPEC.grain },
): Command {
  return command
    .option('--ncpu <n>', `virtual CPUs, 1 to ${NCPU_MAX} (RUMP_NCPU; default 2)`)
    .option('--preempt', 'kernel preemption: any scheduling point may switch')
    .option('--no-preempt', 'no kernel preemption, as rump has it')
    .option('--seed <n>', 'seed of the schedule and of random numbers (default 1)')
    .option(
      '--strategy <name>',
      `who runs next: ${STRATEGIES.join(', ')} (default ${usual.strategy})`,
    )
    .option('--depth <n>', 'depth of pct: how many ordering constraints a bug needs (default 3)')
    .option('--steps <n>', 'steps that pct expects a run to have (default: measured)')
    .option(
      '--grain <grain>',
      `where switches can happen: sync, access or statement (default ${usual.grain})`,
    )
    .option(
      '--accesses <of>',
      'whose accesses count for that grain and for detectors: program or kernel (default program)',
    )
    .option('--budget <n>', 'statements that a run may take before it is a timeout')
    .option('--arg <text>', 'an argument for the program; may be repeated', collect)
    .option('--threads <0|1>', 'whether kernel threads may be made (RUMP_THREADS)')
    .option('--memlimit <size>', 'memory of the kernel, such as 32m (RUMP_MEMLIMIT)')
    .option('--nvnodes <n>', 'vnodes kept in memory (RUMP_NVNODES)')
    .option('--blkfail <n>', 'block requests that fail, of 10000 (RUMP_BLKFAIL)')
    .option('--blkfail-seed <n>', 'seed that chooses them (RUMP_BLKFAIL_SEED)')
    .option('--faults <names>', `what may go wrong: ${Object.keys(FAULTS).join(', ')} or none`)
    .option('--lockdebug', 'check owners and order of locks (the default)')
    .option('--no-lockdebug', 'do not');
}

/** Adds the options that a run under a given schedule has. */
export function addScheduledOptions(command: Command): Command {
  return command
    .option('--schedule <directives>', 'follow these directives of a hunt; takes a program')
    .option('--ncpu <n>', `with --schedule: virtual CPUs, 1 to ${NCPU_MAX}`)
    .option('--preempt', 'with --schedule: kernel preemption')
    .option('--no-preempt', 'with --schedule: none')
    .option('--seed <n>', 'with --schedule: seed of random numbers')
    .option('--grain <grain>', `with --schedule: ${GRAINS.join(', ')}`)
    .option('--budget <n>', 'with --schedule: statements that the run may take')
    .option(
      '--arg <text>',
      'with --schedule: an argument for the program; may be repeated',
      collect,
    );
}

/** What the options of a command line say, and nothing that they do not. Throws InputError. */
export function toldBy(flags: RunFlags): Partial<RunSpec> {
  const spec = specFrom(flags);
  return {
    ...(flags.seed === undefined ? {} : { seed: spec.seed }),
    ...(flags.grain === undefined ? {} : { grain: spec.grain }),
    ...(flags.budget === undefined ? {} : { budget: spec.budget }),
    ...(flags.arg === undefined ? {} : { args: spec.args }),
    knobs: knobsFrom(flags),
  };
}

function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** The spec that options, environment and arguments make. Throws InputError. */
export function specFrom(flags: RunFlags, args: readonly string[] = []): RunSpec {
  const number = (name: string, text: string | undefined, min: number, max: number) =>
    text === undefined ? undefined : wholeNumber(name, text, min, max);
  return {
    ...DEFAULT_SPEC,
    args: [...args, ...(flags.arg ?? [])],
    seed: number('--seed', flags.seed, 0, SEED_MAX) ?? DEFAULT_SPEC.seed,
    strategy: strategyFrom(flags.strategy),
    depth: number('--depth', flags.depth, 1, DEPTH_MAX) ?? DEFAULT_SPEC.depth,
    expectedSteps: number('--steps', flags.steps, 1, STEPS_MAX) ?? DEFAULT_SPEC.expectedSteps,
    grain: oneOf('--grain', flags.grain, GRAINS) ?? DEFAULT_SPEC.grain,
    accesses: oneOf('--accesses', flags.accesses, ACCESSES) ?? accessesHere(),
    budget: number('--budget', flags.budget, 1, BUDGET_MAX) ?? DEFAULT_SPEC.budget,
    knobs: { ...knobsFromEnvironment(process.env), ...knobsFrom(flags) },
  };
}

function strategyFrom(text: string | undefined): StrategyName {
  return oneOf('--strategy', text, STRATEGIES) ?? DEFAULT_SPEC.strategy;
}

/** One of a list of words; undefined when nothing was said. */
export function oneOf<T extends string>(
  name: string,
  text: string | undefined,
  words: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) {
    throw new InputError(`${name} must be ${words.join(' or ')}, not '${text}'`);
  }
  return word;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function knobsFrom(flags: RunFlags): Partial<KernelConfig> {
  const knobs: Partial<Writable<KernelConfig>> = {};
  const { ncpu, threads, memlimit, nvnodes, blkfail, blkfailSeed } = flags;
  if (ncpu !== undefined) knobs.ncpu = wholeNumber('--ncpu', ncpu, 1, NCPU_MAX);
  if (threads !== undefined) knobs.threads = wholeNumber('--threads', threads, 0, 1) === 1;
  if (memlimit !== undefined) knobs.memlimitBytes = byteSize('--memlimit', memlimit);
  if (nvnodes !== undefined) knobs.nvnodes = wholeNumber('--nvnodes', nvnodes, 1, 1 << 24);
  if (blkfail !== undefined) knobs.blkfail = wholeNumber('--blkfail', blkfail, 0, 10000);
  if (blkfailSeed !== undefined) {
    knobs.blkfailSeed = wholeNumber('--blkfail-seed', blkfailSeed, 0, 0xffffffff);
  }
  if (flags.faults !== undefined) knobs.faults = faultsFrom(flags.faults);
  if (flags.preempt !== undefined) knobs.preempt = flags.preempt;
  if (flags.lockdebug !== undefined) knobs.lockdebug = flags.lockdebug;
  return knobs;
}

/** `io,memory` as bits. */
function faultsFrom(text: string): number {
  if (text === 'none') return 0;
  let bits = 0;
  for (const name of text.split(',')) {
    const bit = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
    if (bit === undefined) {
      throw new InputError(
        `--faults takes ${Object.keys(FAULTS).join(', ')} (with commas) or none, not '${name}'`,
      );
    }
    bits |= bit;
  }
  return bits;
}

/** The options that say the same on a command line, without those that are defaults. */
export function specText(spec: RunSpec): string {
  const { knobs } = spec;
  const words: string[] = [];
  if (knobs.ncpu !== undefined) words.push(`--ncpu ${knobs.ncpu}`);
  if (knobs.preempt !== undefined) words.push(knobs.preempt ? '--preempt' : '--no-preempt');
  words.push(`--seed ${spec.seed}`);
  if (spec.strategy !== DEFAULT_SPEC.strategy) words.push(`--strategy ${spec.strategy}`);
  if (spec.strategy === 'pct') words.push(`--depth ${spec.depth} --steps ${spec.expectedSteps}`);
  if (spec.grain !== DEFAULT_SPEC.grain) words.push(`--grain ${spec.grain}`);
  if (spec.accesses !== DEFAULT_SPEC.accesses) words.push(`--accesses ${spec.accesses}`);
  words.push(...knobWords(knobs));
  for (const arg of spec.args) words.push(`--arg=${shellWord(arg)}`);
  return words.join(' ');
}

/** The knobs that change what a kernel does, whether options or the environment set them. */
function knobWords(knobs: RunSpec['knobs']): string[] {
  const words: string[] = [];
  if (knobs.threads !== undefined) words.push(`--threads ${knobs.threads ? 1 : 0}`);
  if (knobs.memlimitBytes !== undefined) words.push(`--memlimit ${knobs.memlimitBytes}`);
  if (knobs.nvnodes !== undefined) words.push(`--nvnodes ${knobs.nvnodes}`);
  if (knobs.blkfail !== undefined) words.push(`--blkfail ${knobs.blkfail}`);
  if (knobs.blkfailSeed !== undefined) words.push(`--blkfail-seed ${knobs.blkfailSeed}`);
  if (knobs.faults !== undefined) {
    const names = Object.keys(FAULTS).filter((name) => (knobs.faults! & FAULTS[name]) !== 0);
    words.push(`--faults ${names.join(',') || 'none'}`);
  }
  if (knobs.lockdebug !== undefined) words.push(knobs.lockdebug ? '--lockdebug' : '--no-lockdebug');
  return words;
}

/** A word that a shell takes as it is. */
function shellWord(text: string): string {
  if (/^[\w./:=,+@%-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
