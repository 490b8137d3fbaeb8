/**
 * rumpus hunt: schedules of a program until one fails.
 *
 * Without --ncpu every interleaving is allowed (kernel preemption on); with --ncpu N, what N CPUs
 * without preemption can do. What is found is run once more by its schedule with everything
 * recorded, replayed to see that it is the same again, and written (hunt/finding.ts).
 */

import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import {
  calibrated,
  finalDigest,
  hunt,
  type HuntResult,
  InputError,
  type Judgement,
  judgeNothingFound,
  needsAccesses,
  type LoadedProgram,
  type RunSpec,
  wholeNumber,
} from '../../debugger/index.ts';
import { DETECTORS, type DetectorName, FAULTS, isDetector } from '../../kernel/index.ts';
import { printEditorLink } from '../editor.ts';
import { EXIT_FINDING, EXIT_FINE, EXIT_INTERRUPTED } from '../exit.ts';
import { stacksJson, stacksText } from '../failure.ts';
import { examples } from '../help.ts';
import { again, type Finding } from '../hunt/finding.ts';
import { load } from '../load.ts';
import {
  addOutOption,
  addOutputOptions,
  addRunOptions,
  type OutputFlags,
  type RunFlags,
  specFrom,
} from '../options.ts';
import { grouped, plural, print, printJson, Progress, styled } from '../output.ts';
import { circumstances, labelled, reportOf, verdictText } from '../report.ts';

/** What hunts look for besides failures. */
const DEFAULT_DETECTORS: RunSpec['detectors'] = ['race'];
const DEFAULT_SCHEDULES = '10000';
const SCHEDULES_MAX = 1e12;
/** Statements one schedule may take: a livelock must not cost the hunt its evening. */
const SCHEDULE_BUDGET = 20_000_000;
const WORKERS_MAX = 256;

export interface HuntFlags extends RunFlags, OutputFlags {
  readonly out: string;
  readonly schedules: string;
  readonly workers?: string;
  readonly detect?: string;
  readonly all?: boolean;
}

export function define(command: Command): void {
  command.argument('<program>', 'a TypeScript file whose default export is a program');
  command.argument('[args...]', 'arguments for the program');
  command.option('--schedules <n>', 'how many schedules to run at most', DEFAULT_SCHEDULES);
  command.option('--workers <n>', 'host threads (default: one for each host core)');
  command.option('--detect <names>', `detectors: ${DETECTORS.join(', ')} or none (default race)`);
  command.option('--all', 'go on past what is found, and list every distinct bug');
  addRunOptions(command);
  addOutputOptions(command);
  addOutOption(command);
  examples(command, [
    ['Every interleaving of the program', 'rumpus hunt race.ts --schedules 20000'],
    ['Only what two CPUs without kernel preemption can do', 'rumpus hunt race.ts --ncpu 2'],
    ['Bugs that need three ordering constraints', 'rumpus hunt race.ts --strategy pct --depth 3'],
    ['Other schedules than last time', 'rumpus hunt race.ts --seed 2 --json'],
  ]);
  command.addHelpText(
    'after',
    [
      '',
      'The hunt ends at the first schedule that does not pass. A verdict that the program expects',
      '(`expect` in its options) is no finding, exit 0; when it never occurs, that is one, exit 1.',
      '',
      '--json: seed is that of the failing schedule (`rumpus run --seed` runs it again), huntSeed the',
      "hunt's own; expected, where the program expects a verdict, says whether it came.",
      'One world runs on one host thread: --workers buys speed, --ncpu interleavings.',
    ].join('\n'),
  );
  command.action(async (program: string, args: string[], flags: HuntFlags) => {
    process.exitCode = await huntCommand(program, specFrom(flags, args), flags);
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
    strategy: flags.strategy === undefined ? 'auto' : spec.strategy,
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

/** How far others come until a timer expires is open in every hunt, unless nothing is to be. */
function faultsOf(told: number | undefined): number {
  return told === 0 ? 0 : (told ?? 0) | FAULTS['time'];
}

function detectorsFrom(text: string | undefined): RunSpec['detectors'] {
  if (text === undefined) return DEFAULT_DETECTORS;
  if (text === 'none') return [];
  return text.split(',').map((name): DetectorName => {
    if (isDetector(name)) return name;
    throw new InputError(`--detect knows ${DETECTORS.join(', ')} and none, not '${name}'`);
  });
}

/** Hunts, prints, saves; gives the exit status. */
export async function huntCommand(file: string, told: RunSpec, flags: HuntFlags): Promise<number> {
  const startedAt = performance.now();
  const schedules = wholeNumber('--schedules', flags.schedules, 1, SCHEDULES_MAX);
  const workers = wholeNumber('--workers', flags.workers ?? cores(), 1, WORKERS_MAX);
  const wanted = huntSpec(told, flags);
  const loaded = await load(file, { access: needsAccesses(wanted) });
  const budget = loaded.instance().options.budget;
  const spec = calibrated(loaded, huntSpec(told, flags, budget));
  const result = await hunting(loaded, spec, { schedules, workers, flags });
  const elapsedMs = Math.round(performance.now() - startedAt);
  const [bug] = result.bugs;
  if (bug === undefined) {
    const judged = judgeNothingFound(loaded.instance().options.expect);
    printNothing(loaded, spec, { result, judged, flags, elapsedMs });
    if (result.interrupted) return EXIT_INTERRUPTED;
    return judged.ok ? EXIT_FINE : EXIT_FINDING;
  }
  const finding = again(loaded, spec, bug.found, flags.out);
  if (flags.json) printJson(findingJson(finding, result, spec.seed, startedAt));
  else printFinding(finding, result, flags);
  return finding.judged.ok ? EXIT_FINE : EXIT_FINDING;
}

function cores(): string {
  return String(Math.min(availableParallelism(), WORKERS_MAX));
}

interface Hunting {
  readonly schedules: number;
  readonly workers: number;
  readonly flags: HuntFlags;
}

/** The hunt itself, with progress, ended early by Ctrl-C. */
async function hunting(loaded: LoadedProgram, spec: RunSpec, told: Hunting): Promise<HuntResult> {
  const { schedules, workers, flags } = told;
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const progress = new Progress(flags.json || flags.quiet ? 'quiet' : 'shown');
  const startedAt = performance.now();
  try {
    return await hunt(loaded, spec, {
      schedules,
      workers,
      seek: flags.all ? 'all' : 'first',
      signal: interrupt.signal,
      progress: (done) => progress.show(() => progressText(done, schedules, startedAt)),
    });
  } finally {
    progress.clear();
    process.removeListener('SIGINT', onInterrupt);
  }
}

function progressText(done: number, schedules: number, startedAt: number): string {
  const rate = done / Math.max(0.001, (performance.now() - startedAt) / 1000);
  return `${grouped(done)} of ${plural(schedules, 'schedule')}, ${grouped(rate)} a second`;
}

function findingJson(
  finding: Finding,
  result: HuntResult,
  huntSeed: number,
  startedAt: number,
): object {
  const { loaded, spec, run, judged, stacks, recording, core } = finding;
  return {
    ...reportOf(loaded, spec, run),
    expected: run.options.expect === undefined ? undefined : judged.ok,
    preempt: spec.knobs.preempt,
    steps: spec.strategy === 'pct' ? spec.expectedSteps : undefined,
    schedules: result.schedules,
    schedulesToFailure: finding.found.index + 1,
    huntSeed,
    replayed: true,
    bugs: result.bugs.map(({ found, times }) => ({
      ...{ verdict: found.verdict, message: found.message, times },
      ...{ schedulesToFailure: found.index + 1, signature: found.signature },
    })),
    recording,
    core,
    stacks: stacksJson(stacks),
    statements: result.statements,
    elapsedMs: Math.round(performance.now() - startedAt),
  };
}

function printFinding(finding: Finding, result: HuntResult, flags: HuntFlags): void {
  const { loaded, spec, run, judged, stacks, recording, core } = finding;
  const report = reportOf(loaded, spec, run);
  print(`found in schedule ${styled('bold', grouped(finding.found.index + 1))}`);
  print(verdictText(report.verdict, report.message));
  if (judged.note !== '') print(`  ${judged.note}`);
  if (flags.quiet) return;
  for (const line of [...stacksText(stacks), ...circumstances(report)]) print(line);
  print(labelled('replayed', `identically: icount and digest ${finalDigest(run.world)}`));
  if (recording !== undefined && core !== undefined) {
    print(labelled('recording', recording));
    print(labelled('core', core));
    print(labelled('explain', `npx rumpus core analyze ${core}`));
    print(labelled('replay', `npx rumpus replay ${recording}`));
    printEditorLink(core);
  }
  for (const { found, times } of result.bugs.slice(1)) {
    print(
      labelled('also', `${verdictText(found.verdict, found.message)} (${grouped(times)} times)`),
    );
  }
}

interface Nothing {
  readonly result: HuntResult;
  /** An interrupted hunt has not shown that an expected verdict never occurs. */
  readonly judged: Judgement;
  readonly flags: HuntFlags;
  readonly elapsedMs: number;
}

function printNothing(loaded: LoadedProgram, spec: RunSpec, told: Nothing): void {
  const { result, judged, flags, elapsedMs } = told;
  const { schedules, statements, interrupted } = result;
  const options = { ...loaded.instance().options, ...spec.knobs };
  if (flags.json) {
    printJson({
      program: loaded.name,
      verdict: 'passed',
      message: '',
      expected: options.expect === undefined || interrupted ? undefined : judged.ok,
      schedules,
      interrupted,
      seed: spec.seed,
      huntSeed: spec.seed,
      ncpu: options.ncpu ?? 2,
      preempt: options.preempt,
      strategy: spec.strategy,
      grain: spec.grain,
      image: loaded.image.identity,
      statements,
      elapsedMs,
    });
    return;
  }
  const rate = grouped(schedules / Math.max(0.001, elapsedMs / 1000));
  const ended = interrupted ? 'interrupted: ' : '';
  print(`${ended}no failure in ${plural(schedules, 'schedule')} (${rate} a second)`);
  if (judged.note !== '' && !interrupted) print(`  ${judged.note}`);
}
