/**
 * A schedule string that is a complete reproduction: a head with what is not default, and directives.
 *
 *   seed=7,ncpu=2,access|2@17>1 1.4>2
 *   preempt,arg=a%20b|2@17>1
 *   2@17>1
 *
 * The words of the head are those of the command line's options. What a head does not name is the
 * program's own, else the default; the environment has no part in it.
 */

import {
  DETECTORS,
  type DetectorName,
  FAULTS,
  type Grain,
  isDetector,
  type KernelConfig,
} from '../../../kernel/index.ts';
import { InputError } from '../../errors.ts';
import {
  type Accesses,
  ACCESSES,
  byteSize,
  DEFAULT_SPEC,
  NCPU_MAX,
  type RunSpec,
  SEED_MAX,
  wholeNumber,
} from '../../run/spec.ts';
import { parseSchedule, scheduleText, wrong } from './text.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a schedule string says, as parts of a spec. */
export interface ParsedSchedule {
  readonly words: Int32Array;
  readonly spec: Partial<RunSpec>;
}

const BUDGET_MAX = 1e12;
const NVNODES_MAX = 1 << 24;
const WORD32_MAX = 0xffffffff;

/** The words of `spec` and its directives in one string. */
export function completeText(spec: RunSpec, words: Int32Array): string {
  const head = headWords(spec).join(',');
  const text = scheduleText(words);
  return head === '' ? text : `${head}|${text}`;
}

function headWords(spec: RunSpec): string[] {
  const { knobs } = spec;
  const head: string[] = [];
  const number = (name: string, value: number | undefined, usual?: number) => {
    if (value !== undefined && value !== usual) head.push(`${name}=${value}`);
  };
  const flag = (name: string, value: boolean | undefined) => {
    if (value !== undefined) head.push(value ? name : `no-${name}`);
  };
  number('seed', spec.seed, DEFAULT_SPEC.seed);
  number('ncpu', knobs.ncpu);
  flag('preempt', knobs.preempt);
  if (spec.grain !== 'sync') head.push(spec.grain);
  if (spec.accesses !== DEFAULT_SPEC.accesses) head.push(`accesses=${spec.accesses}`);
  for (const name of spec.detectors) head.push(`detect=${name}`);
  if (spec.ending !== DEFAULT_SPEC.ending) head.push(`ending=${escaped(spec.ending)}`);
  number('budget', spec.budget, DEFAULT_SPEC.budget);
  flag('threads', knobs.threads);
  number('memlimit', knobs.memlimitBytes);
  number('nvnodes', knobs.nvnodes);
  number('blkfail', knobs.blkfail);
  number('blkfail-seed', knobs.blkfailSeed);
  if (knobs.faults !== undefined) head.push(`faults=${faultsText(knobs.faults)}`);
  flag('lockdebug', knobs.lockdebug);
  flag('verbose', knobs.verbose);
  for (const arg of spec.args) head.push(`arg=${escaped(arg)}`);
  return head;
}

/** `io+memory`, or `none`. */
function faultsText(faults: number): string {
  const names = Object.keys(FAULTS).filter((name) => (faults & FAULTS[name]) !== 0);
  return names.join('+') || 'none';
}

function faultsFrom(text: string): number {
  if (text === 'none') return 0;
  return text.split('+').reduce((faults, name) => {
    if (Object.hasOwn(FAULTS, name)) return faults | FAULTS[name];
    throw new InputError(`faults are none or ${Object.keys(FAULTS).join('+')}`);
  }, 0);
}

/** Percent-encoded, quotes too: the string stands between single quotes. */
function escaped(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(wellFormed).replaceAll("'", '%27');
}

/**
 * The spec of a run that follows a schedule string, with what else it was told over the string's
 * head. Throws InputError with the place.
 */
export function specOfSchedule(text: string, told: Partial<RunSpec> = {}): RunSpec {
  const { words, spec } = parseComplete(text);
  return {
    ...DEFAULT_SPEC,
    strategy: 'default',
    ...spec,
    ...told,
    knobs: { ...spec.knobs, ...told.knobs },
    schedule: scheduleText(words),
  };
}

/** Reads what completeText() wrote. Throws InputError with the place. */
export function parseComplete(text: string): ParsedSchedule {
  const bar = text.indexOf('|');
  const words = parseSchedule(text.slice(bar + 1), bar + 1);
  return { words, spec: bar < 0 ? {} : parseHead(text.slice(0, bar)) };
}

interface Head {
  spec: Partial<Writable<RunSpec>>;
  knobs: Partial<Writable<KernelConfig>>;
  args: string[];
  detectors: DetectorName[];
}

function parseHead(text: string): Partial<RunSpec> {
  const head: Head = { spec: {}, knobs: {}, args: [], detectors: [] };
  let offset = 0;
  for (const word of text.split(',')) {
    if (word.trim() !== '') readWord(head, word.trim(), offset);
    offset += word.length + 1;
  }
  const { spec, knobs, args, detectors } = head;
  return {
    ...spec,
    ...(args.length > 0 ? { args } : {}),
    ...(detectors.length > 0 ? { detectors } : {}),
    knobs,
  };
}

function whose(name: string): Accesses {
  const found = ACCESSES.find((one) => one === name);
  if (found !== undefined) return found;
  throw new InputError(`accesses are those of ${ACCESSES.join(' or ')}`);
}

function detector(name: string): DetectorName {
  if (isDetector(name)) return name;
  throw new InputError(`detectors are ${DETECTORS.join(', ')}`);
}

const WITH_VALUE: Readonly<Record<string, (head: Head, value: string) => void>> = {
  seed: ({ spec }, value) => (spec.seed = wholeNumber('seed', value, 0, SEED_MAX)),
  budget: ({ spec }, value) => (spec.budget = wholeNumber('budget', value, 1, BUDGET_MAX)),
  ncpu: ({ knobs }, value) => (knobs.ncpu = wholeNumber('ncpu', value, 1, NCPU_MAX)),
  memlimit: ({ knobs }, value) => (knobs.memlimitBytes = byteSize('memlimit', value)),
  nvnodes: ({ knobs }, value) => (knobs.nvnodes = wholeNumber('nvnodes', value, 1, NVNODES_MAX)),
  blkfail: ({ knobs }, value) => (knobs.blkfail = wholeNumber('blkfail', value, 0, 10_000)),
  'blkfail-seed': ({ knobs }, value) =>
    (knobs.blkfailSeed = wholeNumber('blkfail-seed', value, 0, WORD32_MAX)),
  faults: ({ knobs }, value) => (knobs.faults = faultsFrom(value)),
  accesses: ({ spec }, value) => (spec.accesses = whose(value)),
  detect: ({ detectors }, value) => detectors.push(detector(value)),
  ending: ({ spec }, value) => (spec.ending = decodeURIComponent(value)),
  arg: ({ args }, value) => args.push(decodeURIComponent(value)),
};

const FLAGS = ['preempt', 'threads', 'lockdebug', 'verbose'] as const;
const GRAINS: readonly Grain[] = ['sync', 'access', 'statement'];

function readWord(head: Head, word: string, offset: number): void {
  const equals = word.indexOf('=');
  if (equals >= 0) {
    readValue(head, word, [word.slice(0, equals), word.slice(equals + 1)], offset);
    return;
  }
  const grain = GRAINS.find((name) => name === word);
  const flag = FLAGS.find((name) => name === word || `no-${name}` === word);
  if (grain !== undefined) head.spec.grain = grain;
  else if (flag !== undefined) head.knobs[flag] = flag === word;
  else throw wrong(word, offset, `is no word of a head: ${known()}`);
}

function readValue(
  head: Head,
  word: string,
  [name, value]: readonly [string, string],
  offset: number,
): void {
  if (!Object.hasOwn(WITH_VALUE, name)) {
    throw wrong(word, offset, `is no word of a head: ${known()}`);
  }
  try {
    WITH_VALUE[name](head, value);
  } catch (error) {
    if (error instanceof InputError) throw wrong(word, offset, `is wrong: ${error.message}`);
    throw wrong(word, offset, 'has an escape that cannot be read');
  }
}

function known(): string {
  const names = Object.keys(WITH_VALUE).map((name) => `${name}=…`);
  return `those are ${[...names, ...FLAGS, ...GRAINS].join(', ')}`;
}
