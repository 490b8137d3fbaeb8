/** rumpus run: a program, once. */

import type { Command } from 'commander';
import {
  calibrated,
  executeWithCore,
  FollowStrategy,
  judge,
  needsAccesses,
  parseSchedule,
  type RunSpec,
} from '../../debugger/index.ts';
import type { Observer } from '../../kernel/index.ts';
import { printEditorLink } from '../editor.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import { FailureObserver, stacksJson, stacksText } from '../failure.ts';
import { examples } from '../help.ts';
import { executeInspected, type InspectFlags, isInspected } from '../inspect.ts';
import { load } from '../load.ts';
import {
  addOutOption,
  addOutputOptions,
  addRunOptions,
  type OutputFlags,
  type RunFlags,
  specFrom,
} from '../options.ts';
import { print, printJson } from '../output.ts';
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

interface Flags extends RunFlags, OutputFlags, InspectFlags {
  readonly out: string;
  readonly record?: string | boolean;
}

export function define(command: Command): void {
  command.argument('<program>', 'a TypeScript file whose default export is a program');
  command.argument('[args...]', 'arguments for the program');
  addRunOptions(command);
  addOutputOptions(command);
  addOutOption(command);
  command.option('--record [file]', 'write a recording although the run passed');
  command.option('--inspect [port]', 'let debuggers attach while it runs (default: a free port)');
  command.option('--inspect-wait [port]', 'the same, and wait for one before anything runs');
  examples(command, [
    [
      'Run a program on two virtual CPUs with a schedule of your choice',
      'rumpus run race.ts --ncpu 2 --seed 7',
    ],
    ['Arguments that begin with a dash stand after --', 'rumpus run race.ts -- -v 3'],
    ['For a script', 'rumpus run race.ts --json | jq .verdict'],
    ['Keep a recording of a run that passed', 'rumpus run race.ts --record ok.rumpus'],
    [
      'Run, and let a debugger look in: `attach` with `port` 9230',
      'rumpus run race.ts --inspect 9230',
    ],
  ]);
  command.action(async (program: string, args: string[], flags: Flags) => {
    process.exitCode = await run(program, specFrom(flags, args), flags);
  });
}

/** Runs, prints, saves; gives the exit status. */
export async function run(file: string, told: RunSpec, flags: Flags): Promise<number> {
  const startedAt = performance.now();
  const loaded = await load(file, { access: needsAccesses(told) });
  const spec = calibrated(loaded, told);
  const failure = new FailureObserver();
  // Console text goes out at once: it is there even when the host is killed in the next moment.
  const output = flags.json ? process.stderr : process.stdout;
  const observer: Observer = {
    failed: failure.failed,
    console: (text) => void output.write(text),
    dprintf: (text) => void process.stderr.write(text),
  };
  const strategy = following(spec);
  const options = { ringRecords: RING_RECORDS, observer, strategy };
  const ran = isInspected(flags)
    ? await executeInspected(loaded, spec, flags, observer)
    : { ...executeWithCore(loaded, spec, options), isDiversion: false };
  const { run: ended } = ran;
  const { outcome } = ended;
  const judged = judge(outcome.verdict, outcome.message, ended.options.expect);
  const report = reportOf(loaded, spec, ended);
  const name = savedName(flags.out, loaded, ended, spec.seed);
  const passed = outcome.verdict === 'passed';
  const save = () => saveCoreFile(name + CORE_SUFFIX, loaded, spec, ran);
  const core = passed || ran.isDiversion ? undefined : unlessImpossible('core', save);
  const record = flags.record ?? (strategy !== undefined && !passed);
  const wanted = !ran.isDiversion && (record === true ? name + RECORDING_SUFFIX : record);
  const recording = wanted ? saveRecording(wanted, loaded, spec, ended) : core;
  if (flags.json) {
    const stacks = failure.stacks.length > 0 ? stacksJson(failure.stacks) : undefined;
    const expected = ended.options.expect === undefined ? undefined : judged.ok;
    const elapsedMs = Math.round(performance.now() - startedAt);
    const followed = { schedule: spec.schedule, misfits: strategy?.misfits() };
    printJson({ ...report, ...followed, expected, recording, core, stacks, elapsedMs });
  } else {
    printRun(report, { judged, flags, stacks: stacksText(failure.stacks), recording, core });
    for (const line of misfitLines(strategy)) print(line);
  }
  return judged.ok ? EXIT_FINE : EXIT_FINDING;
}

/** What follows the spec's schedule; undefined when a strategy makes one. */
function following({ schedule }: RunSpec): FollowStrategy | undefined {
  return schedule === undefined ? undefined : new FollowStrategy(parseSchedule(schedule));
}

/** Which directives did not fit, and why. */
function misfitLines(strategy: FollowStrategy | undefined): string[] {
  const misfits = strategy?.misfits() ?? [];
  return misfits.map(({ directive, why }) =>
    labelled('no fit', `${directive} was not followed: ${why}`),
  );
}

interface Said {
  readonly judged: { readonly ok: boolean; readonly note: string };
  readonly flags: Flags;
  readonly stacks: readonly string[];
  readonly recording: string | undefined;
  readonly core: string | undefined;
}

function printRun(report: ReturnType<typeof reportOf>, said: Said): void {
  const { judged, flags, stacks, recording, core } = said;
  print(verdictText(report.verdict, report.message));
  if (judged.note !== '') print(`  ${judged.note}`);
  if (flags.quiet) return;
  for (const line of [...stacks, ...circumstances(report)]) print(line);
  if (recording !== undefined && recording !== core) print(labelled('recording', recording));
  const left = core ?? recording;
  if (left !== undefined) printEditorLink(left);
  if (core === undefined) return;
  print(labelled('core', core));
  print(labelled('explain', `npx rumpus core analyze ${core}`));
  print(labelled('replay', `npx rumpus replay ${core}`));
}
