/**
 * rumpus hunt: schedules of a program until one fails.
 *
 * Without --ncpu every interleaving is allowed (kernel preemption on); with --ncpu N, what N CPUs
 * without preemption can do. What is found is run once more by its own seed with everything
 * recorded, replayed to see that it is the same again, and written.
 */

import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import {
  calibrated,
  type Execution,
  executeWithCore,
  finalDigest,
  type Found,
  hunt,
  type HuntResult,
  InputError,
  type Judgement,
  judge,
  judgeNothingFound,
  needsAccesses,
  type LoadedProgram,
  recordingOf,
  replay,
  type RunSpec,
  scheduleSeed,
  wholeNumber,
} from '../../debugger/index.ts';
import { printEditorLink } from '../editor.ts';
import { EXIT_FINDING, EXIT_FINE, EXIT_INTERRUPTED } from '../exit.ts';
import { FailureObserver, type LwpStack, stacksJson, stacksText } from '../failure.ts';
import { examples } from '../help.ts';
import { load } from '../load.ts';
import {
  addOutOption,
  addOutputOptions,
  addRunOptions,
  type OutputFlags,
  type RunFlags,
  specFrom,
  specText,
} from '../options.ts';
import { grouped, plural, print, printJson, Progress, styled } from '../output.ts';
import { circumstances, labelled, reportOf, verdictText } from '../report.ts';
import {
  CORE_SUFFIX,
  RECORDING_SUFFIX,
  RING_RECORDS,
  saveCoreFile,
  saveRecording,
  savedName,
  unlessImpossible,
} from '../save.ts';

const DEFAULT_SCHEDULES = '10000';
const SCHEDULES_MAX = 1e12;
/** Statements one schedule may take: a livelock must not cost the hunt its evening. */
const SCHEDULE_BUDGET = 20_000_000;
const WORKERS_MAX = 256;

export interface HuntFlags extends RunFlags, OutputFlags {
  readonly out: string;
  readonly schedules: string;
  readonly workers?: string;
}

export function define(command: Command): void {
  command.argument('<program>', 'a TypeScript file whose default export is a program');
  command.argument('[args...]', 'arguments for the program');
  command.option('--schedules <n>', 'how many schedules to run at most', DEFAULT_SCHEDULES);
  command.option('--workers <n>', 'host threads (default: one for each host core)');
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

/** Preemption is what makes every interleaving possible, unless CPUs were asked for. */
export function huntSpec(spec: RunSpec, programBudget: number | undefined): RunSpec {
  const { ncpu, preempt } = spec.knobs;
  const budget = spec.budget > 0 ? spec.budget : (programBudget ?? SCHEDULE_BUDGET);
  return { ...spec, budget, knobs: { ...spec.knobs, preempt: preempt ?? ncpu === undefined } };
}

/** Hunts, prints, saves; gives the exit status. */
export async function huntCommand(file: string, told: RunSpec, flags: HuntFlags): Promise<number> {
  const startedAt = performance.now();
  const schedules = wholeNumber('--schedules', flags.schedules, 1, SCHEDULES_MAX);
  const workers = wholeNumber('--workers', flags.workers ?? cores(), 1, WORKERS_MAX);
  const loaded = await load(file, { access: needsAccesses(told) });
  const spec = calibrated(loaded, huntSpec(told, loaded.instance().options.budget));
  const result = await hunting(loaded, spec, { schedules, workers, flags });
  const elapsedMs = Math.round(performance.now() - startedAt);
  const { found } = result;
  if (found === null) {
    const judged = judgeNothingFound(loaded.instance().options.expect);
    printNothing(loaded, spec, { result, judged, flags, elapsedMs });
    if (result.interrupted) return EXIT_INTERRUPTED;
    return judged.ok ? EXIT_FINE : EXIT_FINDING;
  }
  const finding = again(loaded, spec, found, flags.out);
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

interface Finding {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly run: Execution;
  /** Whether the verdict is one that the program expects: then it is none to worry about. */
  readonly judged: Judgement;
  readonly stacks: readonly LwpStack[];
  readonly recording: string | undefined;
  readonly core: string | undefined;
}

/** Runs the failing schedule again with everything on, replays it, and writes both files. */
function again(loaded: LoadedProgram, hunted: RunSpec, found: Found, out: string): Finding {
  const spec = { ...hunted, seed: scheduleSeed(hunted.seed, found.index) };
  const failure = new FailureObserver();
  const ran = executeWithCore(loaded, spec, { ringRecords: RING_RECORDS, observer: failure });
  const { run } = ran;
  const data = recordingOf(loaded, spec, run);
  const replayed = replay(loaded, data);
  if (run.outcome.verdict !== found.verdict || replayed.divergence !== null) {
    const how = replayed.divergence ?? `ended with ${run.outcome.verdict}, not ${found.verdict}`;
    throw new InputError(
      `schedule ${found.index + 1} does not run the same twice (${how}): ` +
        'something in the program comes from outside the virtual kernel.',
    );
  }
  const name = savedName(out, loaded, run, spec.seed);
  const recording = unlessImpossible('recording', () =>
    saveRecording(name + RECORDING_SUFFIX, loaded, spec, run),
  );
  const core = unlessImpossible('core', () => saveCoreFile(name + CORE_SUFFIX, loaded, spec, ran));
  const judged = judge(run.outcome.verdict, run.outcome.message, run.options.expect);
  return { loaded, spec, run, judged, stacks: failure.stacks, recording, core };
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
    schedulesToFailure: result.schedules,
    huntSeed,
    replayed: true,
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
  print(`found in schedule ${styled('bold', grouped(result.schedules))}`);
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
  const budget = report.verdict === 'timeout' ? ` --budget ${spec.budget}` : '';
  print(labelled('run again', `npx rumpus run ${loaded.name} ${specText(spec)}${budget}`));
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
