/**
 * rumpus hunt: schedules of a program until one fails.
 *
 * Without --ncpu every interleaving is allowed (kernel preemption on); with --ncpu N, what N CPUs
 * without preemption can do. What is found is run once more by its schedule with everything
 * recorded, replayed to see that it is the same again, and written (hunt/finding.ts).
 */

import { availableParallelism } from 'node:os';
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Corpus } from '../../debugger/hunt/corpus/index.ts';
import {
  calibrated,
  emitTest,
  hunt,
  type HuntResult,
  InputError,
  judgeNothingFound,
  needsAccesses,
  reportPage,
  type LoadedProgram,
  type RunSpec,
  type Shard,
  wholeNumber,
  makeFolder,
} from '../../debugger/index.ts';
import { DETECTORS, type DetectorName, FAULTS, isDetector } from '../../kernel/index.ts';
import { EXIT_FINDING, EXIT_FINE, EXIT_INTERRUPTED } from '../exit.ts';
import { examples } from '../help.ts';
import { countsOf } from '../hunt/counts.ts';
import { type Finding, findingOf } from '../hunt/finding.ts';
import { printFinding, printFindingJson, printNothing } from '../hunt/print.ts';
import {
  addScaleOptions,
  addToCorpus,
  checkFleet,
  checkScale,
  fleetPart,
  goalOf,
  openCorpus,
  type ScaleFlags,
  tryCorpus,
} from '../hunt/scale.ts';
import { watchHunt } from '../hunt/watch.ts';
import { load } from '../load.ts';
import { shownPath, unlessImpossible } from '../save.ts';
import {
  addOutOption,
  addOutputOptions,
  addRunOptions,
  type OutputFlags,
  type RunFlags,
  specFrom,
} from '../options.ts';
import { grouped, plural, print, Progress } from '../output.ts';
import { labelled, verdictText } from '../report.ts';

/** What hunts look for besides failures. */
const DEFAULT_DETECTORS: RunSpec['detectors'] = ['race'];
const DEFAULT_SCHEDULES = '10000';
const SCHEDULES_MAX = 1e12;
/** Statements one schedule may take: a livelock must not cost the hunt its evening. */
const SCHEDULE_BUDGET = 20_000_000;
const WORKERS_MAX = 256;

/** Below the options and examples, in its help. */
const MORE = [
  '',
  'The hunt ends at the first schedule that does not pass; with --all, at the last. Unless told',
  'otherwise it is for every interleaving, at the grain access, with the detector race, by the',
  'strategy auto. Exit 0: nothing found; 1: a finding; 2: a wrong command line; 130: Ctrl-C.',
  'A verdict that the program expects (`expect` in its options) is no finding, exit 0; when it',
  'never occurs, that is one, exit 1.',
  '',
  'What is found is repeated by its schedule (`rumpus replay race.ts --schedule …`, which survives',
  'edits elsewhere) and by its recording and core (`rumpus replay FILE`), not by a seed: strategies',
  'learn from schedule to schedule. The same --seed and options make the same hunt.',
  '',
  '--json, a finding: verdict, message; schedule, preemptions, icount, digest of the schedule when',
  'shrunk; schedulesToFailure of the one found; bugs, all distinct ones with how often each came;',
  'seed, of random numbers in that run; huntSeed; recording, core; report, all that the text says',
  '(headline, sides, rows, swap, shrink, statistics); possible, deadlocks that were not brought about.',
  'No finding: schedules, certificate, statistics, possible.',
  'expected, where the program expects a verdict, says whether it came.',
  'One world runs on one host thread: --workers buys speed, --ncpu interleavings.',
].join('\n');

export interface HuntFlags extends RunFlags, OutputFlags, ScaleFlags {
  readonly out: string;
  readonly schedules: string;
  readonly workers?: string;
  readonly detect?: string;
  readonly exhaustive?: boolean;
  readonly preemptions?: string;
  readonly shrink?: boolean;
  readonly html?: string;
  readonly emitTest?: string;
  readonly all?: boolean;
}

export function define(command: Command): void {
  command.argument('<program>', 'a TypeScript file whose default export is a program');
  command.argument('[args...]', 'arguments for the program');
  command.option('--schedules <n>', 'how many schedules to run at most', DEFAULT_SCHEDULES);
  command.option('--workers <n>', 'host threads (default: one for each host core)');
  command.option('--exhaustive', 'every schedule that makes a difference, and a certificate');
  command.option(
    '--preemptions <n>',
    'with --exhaustive: all schedules with at most n preemptions',
  );
  command.option('--detect <names>', `detectors: ${DETECTORS.join(', ')} or none (default race)`);
  command.option('--html <file>', 'write the report as one page that needs no network');
  command.option('--emit-test <file>', 'write a vitest test that carries the failing schedule');
  command.option('--no-shrink', 'keep the failing schedule as it was found');
  command.option('--all', 'go on past what is found, and list every distinct bug');
  addScaleOptions(command);
  addRunOptions(command, { strategy: 'auto', grain: 'access' });
  addOutputOptions(command);
  addOutOption(command);
  examples(command, [
    ['Every interleaving of the program', 'rumpus hunt race.ts --schedules 20000'],
    ['Only what two CPUs without kernel preemption can do', 'rumpus hunt race.ts --ncpu 2'],
    [
      'Try first what was found before, and keep what is found',
      'rumpus hunt race.ts --corpus corpus',
    ],
    [
      'On many machines, each with `rumpus hunt-worker`',
      'rumpus hunt race.ts --fleet redis://host',
    ],
    ['A small program, to the end, with a proof', 'rumpus hunt lost-update.ts --exhaustive'],
    [
      'Races of the kernel itself, whose accesses count then',
      'rumpus hunt race.ts --accesses kernel',
    ],
    ['Transfers and allocations that fail', 'rumpus hunt race.ts --faults io,memory'],
    ['Every distinct bug, and a page about the first', 'rumpus hunt race.ts --all --html r.html'],
    ['A test of what is found', 'rumpus hunt race.ts --emit-test race.test.ts'],
    ['Again at every change of the program', 'rumpus hunt race.ts --watch'],
    ['Other schedules than last time', 'rumpus hunt race.ts --seed 2'],
  ]);
  command.addHelpText('after', MORE);
  command.action(async (program: string, args: string[], flags: HuntFlags) => {
    const spec = specFrom(flags, args);
    const hunts = flags.watch === true ? watchCommand : huntCommand;
    process.exitCode = await hunts(program, spec, flags);
  });
}

/** What a hunt does unless told otherwise: preemption makes every interleaving possible. */
export function huntSpec(
  spec: RunSpec,
  flags: HuntFlags,
  programBudget = SCHEDULE_BUDGET,
): RunSpec {
  const { ncpu, preempt } = spec.knobs;
  return {
    ...spec,
    ...strategyFrom(spec, flags),
    grain: flags.grain === undefined ? 'access' : spec.grain,
    detectors: detectorsFrom(flags.detect),
    budget: spec.budget > 0 ? spec.budget : programBudget,
    knobs: {
      ...spec.knobs,
      preempt: preempt ?? ncpu === undefined,
      faults: faultsOf(spec.knobs.faults),
    },
  };
}

/** An exhaustive search goes on past what it finds only if it is told to, as others do. */
function strategyFrom(
  spec: RunSpec,
  { strategy, exhaustive, preemptions }: HuntFlags,
): Pick<RunSpec, 'strategy' | 'preemptions'> {
  if (exhaustive !== true) {
    if (preemptions !== undefined) throw new InputError('--preemptions goes with --exhaustive');
    return { strategy: strategy === undefined ? 'auto' : spec.strategy, preemptions: -1 };
  }
  if (strategy !== undefined)
    throw new InputError('--exhaustive and --strategy exclude each other');
  const bound = preemptions === undefined ? -1 : wholeNumber('--preemptions', preemptions, 0, 1000);
  return { strategy: 'exhaustive', preemptions: bound };
}

/** How far others come until a timer expires is open in every hunt, unless nothing is to be. */
function faultsOf(told: number | undefined): number {
  return told === 0 ? 0 : (told ?? 0) | FAULTS['time'];
}

/** A program that marks regions as atomic wants to hear when they are not. */
function withDeclared(loaded: LoadedProgram, spec: RunSpec, { detect }: HuntFlags): RunSpec {
  if (detect !== undefined) return spec;
  const marks = loaded.compiled.modules.some(({ source }) => source.includes('atomic_begin('));
  return marks ? { ...spec, detectors: [...spec.detectors, 'atomicity'] } : spec;
}

function detectorsFrom(text: string | undefined): RunSpec['detectors'] {
  if (text === undefined) return DEFAULT_DETECTORS;
  if (text === 'none') return [];
  return text.split(',').map((name): DetectorName => {
    if (isDetector(name)) return name;
    throw new InputError(`--detect knows ${DETECTORS.join(', ')} and none, not '${name}'`);
  });
}

/** A hunt that may begin. */
interface Prepared {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly schedules: number;
  readonly workers: number;
  readonly shard: Shard | undefined;
  readonly corpus: Corpus | undefined;
  readonly flags: HuntFlags;
}

/** What is wrong with the command line is said before anything is run. */
async function prepare(file: string, told: RunSpec, flags: HuntFlags): Promise<Prepared> {
  const schedules = wholeNumber('--schedules', flags.schedules, 1, SCHEDULES_MAX);
  const workers = wholeNumber('--workers', flags.workers ?? cores(), 1, WORKERS_MAX);
  const { shard } = checkScale(flags);
  await checkFleet(flags);
  const wanted = huntSpec(told, flags);
  const loaded = await load(file, { access: needsAccesses(wanted) });
  const corpus = await openCorpus(flags);
  const budget = loaded.instance().options.budget;
  const spec = calibrated(loaded, withDeclared(loaded, huntSpec(told, flags, budget), flags));
  return { loaded, spec, schedules, workers, shard, corpus, flags };
}

/** What came of a hunt. */
interface Hunted {
  readonly result: HuntResult;
  /** Of the first bug: that of the hunt, or of the corpus' entry that it was found in. */
  readonly spec: RunSpec;
  readonly entry: string | undefined;
}

/** The corpus first, then the hunt. */
async function search(prepared: Prepared, signal: AbortSignal): Promise<Hunted> {
  const { loaded, spec, corpus, flags } = prepared;
  const startedAt = performance.now();
  const failures = tryCorpus(corpus, loaded, signal);
  const known = flags.all === true ? undefined : goalOf(loaded, failures);
  if (known !== undefined) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    const bugs = [{ found: known.found, times: 1 }];
    return { result: { ...NOTHING_HUNTED, bugs, elapsedMs }, spec: known.spec, entry: known.file };
  }
  const result = await hunting(prepared, signal);
  addToCorpus(corpus, loaded, spec, result);
  return { result, spec, entry: undefined };
}

const NOTHING_HUNTED = {
  ...{ schedules: 0, statements: 0, injected: 0, workers: 1, interrupted: false, certificate: '' },
  classes: { seen: 0, once: 0 },
  hints: [],
};

/** Hunts, prints, saves; gives the exit status. */
export async function huntCommand(file: string, told: RunSpec, flags: HuntFlags): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    const { signal } = interrupt;
    const prepared = await prepare(file, told, flags);
    const { result, spec, entry } = await search(prepared, signal);
    return await tell(prepared.loaded, spec, { result, entry, flags, signal });
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}

/** A line for each change of the program. */
function watchCommand(file: string, told: RunSpec, flags: HuntFlags): Promise<number> {
  checkScale(flags);
  return watchHunt(file, async ({ signal, watch }) => {
    const prepared = await prepare(file, told, { ...flags, quiet: true });
    const { loaded } = prepared;
    const { filesOf } = await import('../../debugger/hunt/watch/index.ts');
    watch(filesOf(loaded));
    const { result, spec } = await search(prepared, signal);
    const [bug] = result.bugs;
    if (signal.aborted) return '';
    if (bug === undefined) {
      const { note } = judgeNothingFound(loaded.instance().options.expect);
      const what = `no failure in ${plural(result.schedules, 'schedule')}`;
      return note === '' ? what : `${what}; ${note}`;
    }
    const { report, recording } = await findingOf(loaded, spec, bug, {
      out: flags.out,
      shrinks: flags.shrink !== false,
      counts: countsOf(result, spec),
      signal,
    });
    const where = recording === undefined ? '' : ` (${recording})`;
    return `${verdictText(report.verdict, report.message)}${where}`;
  });
}

function cores(): string {
  return String(Math.min(availableParallelism(), WORKERS_MAX));
}

/** The hunt itself, with progress. */
async function hunting(prepared: Prepared, signal: AbortSignal): Promise<HuntResult> {
  const { loaded, spec, schedules, workers, shard, flags } = prepared;
  const quiet = flags.json === true || flags.quiet === true;
  const progress = new Progress(quiet ? 'quiet' : 'shown');
  const startedAt = performance.now();
  try {
    return await hunt(loaded, spec, {
      ...{ schedules, workers, shard, signal },
      seek: flags.all ? 'all' : 'first',
      elsewhere: fleetPart(loaded, spec, { flags, schedules, shard, signal, quiet }),
      progress: (done) => progress.show(() => progressText(done, schedules, startedAt)),
    });
  } finally {
    progress.clear();
  }
}

function progressText(done: number, schedules: number, startedAt: number): string {
  const rate = done / Math.max(0.001, (performance.now() - startedAt) / 1000);
  return `${grouped(done)} of ${plural(schedules, 'schedule')}, ${grouped(rate)} a second`;
}

interface Ended {
  readonly result: HuntResult;
  /** The corpus' entry that the first bug was found in. */
  readonly entry: string | undefined;
  readonly flags: HuntFlags;
  readonly signal: AbortSignal;
}

/** Says what came of it; gives the exit status. */
async function tell(loaded: LoadedProgram, spec: RunSpec, told: Ended): Promise<number> {
  const { result, flags, signal } = told;
  const { interrupted } = result;
  const [bug] = result.bugs;
  if (bug === undefined) {
    const judged = judgeNothingFound(loaded.instance().options.expect);
    printNothing(loaded, spec, { result, judged, json: flags.json === true });
    if (interrupted) return EXIT_INTERRUPTED;
    return judged.ok ? EXIT_FINE : EXIT_FINDING;
  }
  const finding = await findingOf(loaded, spec, bug, {
    out: flags.out,
    shrinks: flags.shrink !== false,
    counts: countsOf(result, spec),
    signal,
  });
  if (flags.json) printFindingJson(finding, result, spec.seed);
  else printFinding(finding, result, flags.quiet ? 'quiet' : 'full', told.entry);
  writePages(finding, flags);
  if (interrupted) return EXIT_INTERRUPTED;
  return finding.judged.ok ? EXIT_FINE : EXIT_FINDING;
}

/** What else was asked for: the page, the test. */
function writePages(finding: Finding, flags: HuntFlags): void {
  const { html, emitTest: test } = flags;
  const written = (what: string, file: string, text: () => string) => {
    const path = unlessImpossible(what, () => {
      makeFolder(dirname(resolve(file)));
      writeFileSync(file, text());
      return shownPath(resolve(file));
    });
    if (path !== undefined && !flags.json) print(labelled(what, path));
  };
  if (html !== undefined) written('page', html, () => reportPage(finding.report));
  if (test === undefined) return;
  const { loaded, shrunk, found } = finding;
  if (shrunk === null) throw new InputError('--emit-test needs a schedule that could be shrunk');
  written('test', test, () => emitTest(loaded, shrunk, found, dirname(resolve(test))));
}
