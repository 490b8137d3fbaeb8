/**
 * Launch and attach configurations: what a launch.json says, checked, as a request for a target.
 *
 *   { "program": "race.ts", "ncpu": 2, "seed": 7, "stopOnEntry": true }
 *   { "recording": ".rumpus/race-panic-7.rumpus", "icount": 1204 }
 *   { "core": "panic.core", "trust": true }
 *   { "request": "attach", "port": 9230 }
 *
 * Values come from the configuration, else the environment (RUMP_NCPU…), else the program's own.
 */

import { basename, resolve } from 'node:path';
import type { Grain, KernelConfig } from '../../kernel/index.ts';
import {
  byteSize,
  ACCESSES,
  DEFAULT_SPEC,
  knobsFromEnvironment,
  NCPU_MAX,
  type RunSpec,
  SEED_MAX,
  STRATEGIES,
} from '../run/spec.ts';
import {
  type Arguments,
  argumentsOf,
  maybeFlag,
  maybeNumber,
  maybeText,
  maybeTexts,
  maybeWord,
  wholeNumber,
} from './args.ts';
import { DapError } from './errors.ts';

/**
 * What is to be opened. Whether sources that a file brings may be run when its program is not here
 * is for the user to say: `trust`.
 */
export type OpenRequest =
  | ({ readonly kind: 'live'; readonly program: string; readonly spec: RunSpec } & Exactness)
  | ({ readonly kind: 'replay'; readonly recording: string } & OfProgram)
  | ({ readonly kind: 'core'; readonly file: string } & OfProgram)
  | { readonly kind: 'attach'; readonly port: number };

interface Exactness {
  /** Frames keep every variable; runs are slower. */
  readonly exact: boolean;
}

interface OfProgram extends Exactness {
  /** The run may be of sources that changed since. */
  readonly adapt: boolean;
  /** The program's file, when it is not where it was. */
  readonly program?: string;
  readonly trust: boolean;
}

export interface Configuration {
  readonly open: OpenRequest;
  /** What is debugged, for people. */
  readonly name: string;
  readonly cwd: string;
  readonly stopOnEntry: boolean;
  /** Stop where a run fails, so that one can look; otherwise it just ends. */
  readonly stopOnVerdict: boolean;
  /** Stop at the end of a run that passed, so that one can go back. */
  readonly stopOnEnd: boolean;
  /** Run without debugging: nothing stops it. */
  readonly noDebug: boolean;
  /** Where to begin in a recording or core. */
  readonly icount: number | undefined;
  readonly skip: readonly string[] | undefined;
}

const GRAINS: readonly Grain[] = ['sync', 'access', 'statement'];
const PORT_MAX = 65_535;

/** What a launch request asks for. Errors: a sentence that names what is wrong. */
export function launchConfiguration(args: Arguments): Configuration {
  const cwd = resolve(maybeText(args, 'cwd') ?? '.');
  const named = ['program', 'recording', 'core'].filter((name) => isGiven(args, name));
  const program = maybeText(args, 'program');
  if (isGiven(args, 'recording')) return withCommon(args, cwd, recordingRequest(args, cwd));
  if (isGiven(args, 'core')) return withCommon(args, cwd, coreRequest(args, cwd));
  if (named.length === 0 || program === undefined) {
    throw new DapError('argument', 'A launch needs a program, a recording or a core to debug.');
  }
  if (maybeNumber(args, 'icount') !== undefined) {
    throw new DapError('argument', 'icount goes with a recording or a core, not with a program.');
  }
  return withCommon(args, cwd, {
    kind: 'live',
    program: resolve(cwd, program),
    spec: specOf(args),
    exact: maybeFlag(args, 'exact') ?? false,
  });
}

/** What an attach request asks for. */
export function attachConfiguration(args: Arguments): Configuration {
  const port = wholeNumber(args, 'port', 1);
  if (port > PORT_MAX) throw new DapError('argument', `port must be at most ${PORT_MAX}`);
  return withCommon(args, resolve(maybeText(args, 'cwd') ?? '.'), { kind: 'attach', port });
}

function isGiven(args: Arguments, name: string): boolean {
  const value = maybeText(args, name);
  return value !== undefined && value !== '';
}

function withCommon(args: Arguments, cwd: string, open: OpenRequest): Configuration {
  const noDebug = maybeFlag(args, 'noDebug') ?? false;
  return {
    open,
    name: nameOf(open),
    cwd,
    stopOnEntry: !noDebug && (maybeFlag(args, 'stopOnEntry') ?? false),
    stopOnVerdict: !noDebug && (maybeFlag(args, 'stopOnVerdict') ?? true),
    stopOnEnd: !noDebug && (maybeFlag(args, 'stopOnEnd') ?? false),
    noDebug,
    icount: maybeNumber(args, 'icount'),
    skip: maybeTexts(args, 'skip'),
  };
}

function nameOf(open: OpenRequest): string {
  switch (open.kind) {
    case 'live':
      return basename(open.program);
    case 'replay':
      return basename(open.recording);
    case 'core':
      return basename(open.file);
    case 'attach':
      return `the process at port ${open.port}`;
  }
}

function ofProgram(args: Arguments, cwd: string): OfProgram {
  const program = maybeText(args, 'program');
  return {
    trust: maybeFlag(args, 'trust') ?? false,
    adapt: maybeFlag(args, 'adapt') ?? false,
    exact: maybeFlag(args, 'exact') ?? false,
    ...(program === undefined || program === '' ? {} : { program: resolve(cwd, program) }),
  };
}

function recordingRequest(args: Arguments, cwd: string): OpenRequest {
  if (isGiven(args, 'core')) {
    throw new DapError('argument', 'A launch has a recording or a core, not both.');
  }
  const recording = resolve(cwd, maybeText(args, 'recording') ?? '');
  return { kind: 'replay', recording, ...ofProgram(args, cwd) };
}

function coreRequest(args: Arguments, cwd: string): OpenRequest {
  const file = resolve(cwd, maybeText(args, 'core') ?? '');
  return { kind: 'core', file, ...ofProgram(args, cwd) };
}

function specOf(args: Arguments): RunSpec {
  return {
    args: maybeTexts(args, 'args') ?? [],
    seed: atMost(args, 'seed', 0, SEED_MAX) ?? DEFAULT_SPEC.seed,
    strategy: maybeWord(args, 'strategy', STRATEGIES) ?? DEFAULT_SPEC.strategy,
    depth: atMost(args, 'depth', 1, 100) ?? DEFAULT_SPEC.depth,
    expectedSteps: atMost(args, 'steps', 1, 1e9) ?? DEFAULT_SPEC.expectedSteps,
    grain: maybeWord(args, 'grain', GRAINS) ?? DEFAULT_SPEC.grain,
    accesses: maybeWord(args, 'accesses', ACCESSES) ?? DEFAULT_SPEC.accesses,
    detectors: DEFAULT_SPEC.detectors,
    ending: DEFAULT_SPEC.ending,
    preemptions: DEFAULT_SPEC.preemptions,
    budget: atMost(args, 'budget', 1, 1e12) ?? DEFAULT_SPEC.budget,
    knobs: { ...knobsFromEnvironment(process.env), ...knobsOf(args) },
  };
}

function atMost(args: Arguments, name: string, min: number, max: number): number | undefined {
  const value = maybeNumber(args, name, min);
  if (value === undefined || value <= max) return value;
  throw new DapError('argument', `${name} must be at most ${max}, not ${value}`);
}

type Knobs = { -readonly [K in keyof KernelConfig]?: KernelConfig[K] };

const KNOBS = [
  ...['ncpu', 'preempt', 'threads', 'memlimit', 'nvnodes'],
  ...['blkfail', 'blkfailSeed', 'verbose', 'lockdebug'],
];

/** The knobs: each in `knobs`; `ncpu` and `preempt` also beside it. */
function knobsOf(args: Arguments): Knobs {
  const given: Record<string, unknown> = { ...argumentsOf(args['knobs']) };
  for (const name of ['ncpu', 'preempt']) {
    if (args[name] !== undefined && args[name] !== null) given[name] = args[name];
  }
  const unknown = Object.keys(given).find((name) => !KNOBS.includes(name));
  if (unknown !== undefined) {
    throw new DapError('argument', `There is no knob '${unknown}': there are ${KNOBS.join(', ')}.`);
  }
  const knobs: Knobs = {
    ncpu: atMost(given, 'ncpu', 1, NCPU_MAX),
    preempt: maybeFlag(given, 'preempt'),
    threads: maybeFlag(given, 'threads'),
    memlimitBytes: memlimitOf(given),
    nvnodes: atMost(given, 'nvnodes', 1, 1 << 24),
    blkfail: atMost(given, 'blkfail', 0, 10_000),
    blkfailSeed: atMost(given, 'blkfailSeed', 0, 0xffffffff),
    verbose: maybeFlag(given, 'verbose'),
    lockdebug: maybeFlag(given, 'lockdebug'),
  };
  // What was not said must not hide what the program says.
  return Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
}

/** Bytes, or a size such as `32m`. */
function memlimitOf(given: Arguments): number | undefined {
  const { memlimit } = given;
  return typeof memlimit === 'string'
    ? byteSize('memlimit', memlimit)
    : maybeNumber(given, 'memlimit');
}
