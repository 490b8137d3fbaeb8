/** rumpus replay: a recording or core, run again. */

import type { Command } from 'commander';
import { printable, printableLines, type RecordingData } from '../../corefiles/index.ts';
import {
  InputError,
  isTestRecording,
  parsePlace,
  type Printed,
  printing,
  type PrintRequest,
  type Replayed,
  replay,
  specOf,
  specOfSchedule,
  wholeNumber,
} from '../../debugger/index.ts';
import { printEditorLink } from '../editor.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import type { Observer } from '../../kernel/index.ts';
import { FailureObserver, type LwpStack, stacksJson, stacksText } from '../failure.ts';
import { examples } from '../help.ts';
import {
  addOutOption,
  addOutputOptions,
  addScheduledOptions,
  type OutputFlags,
  type RunFlags,
  toldBy,
} from '../options.ts';
import { grouped, note, print, printJson, styled } from '../output.ts';
import { type Opened, openRecording, readFileOf, type RecordingFlags } from '../recording.ts';
import { replayTestCommand } from './replay-test.ts';
import { run } from './run.ts';
import { circumstances, labelled, reportOf, verdictText } from '../report.ts';
import { type Standstill, standstillText, stopAt } from '../standstill.ts';

interface Flags extends OutputFlags, RecordingFlags, RunFlags {
  readonly out: string;
  readonly schedule?: string;
  readonly adapt?: boolean;
  readonly to?: string;
  readonly dprintf?: readonly string[];
}

const ICOUNT_MAX = 1e15;

export function addRecordingOptions(command: Command): Command {
  return command
    .option('--program <file>', 'the program, when it is not where it was')
    .option('--trust', 'run the sources in the file when the program is not here');
}

export function define(command: Command): void {
  command.argument('<file>', 'a recording or a core; with --schedule, a program');
  command.option('--adapt', 'go on although the program or kernel has changed since');
  command.option('--to <icount>', 'stop there and show every LWP');
  command.option(
    '--dprintf <place-format-values...>',
    "print into the past: file:line 'format' expression…",
  );
  addRecordingOptions(command);
  addScheduledOptions(command);
  addOutOption(command);
  addOutputOptions(command);
  examples(command, [
    [
      'The same run again, to the same icount and digest',
      'rumpus replay .rumpus/race-deadlock-7.core',
    ],
    ['After the program was edited', 'rumpus replay race.rumpus --adapt'],
    ['What every LWP was doing at an icount', 'rumpus replay race.rumpus --to 1200'],
    ['A schedule that a hunt found', "rumpus replay race.ts --schedule 'preempt|3@2>2'"],
    ['The same, for a program with arguments', "rumpus replay race.ts --schedule '3@2>2' --arg -v"],
    [
      'Print at a line of the program or kernel, without touching it',
      "rumpus replay race.rumpus --dprintf race.ts:12 'x is %d' state.x",
    ],
  ]);
  command.addHelpText(
    'after',
    [
      '',
      'A recording is run to the same icount and digest, on the sources that it was made with: exit 0,',
      'or 1 where it diverges. A schedule is followed on whatever the program is now: a directive that',
      'does not fit is left out, and said; exit 1 when the run fails.',
      '',
      "--schedule: '2@17>1' LWP 2, at its own scheduling point 17: LWP 1 runs next; '2.17>1' at its",
      "access 17; '2:17>1' at its statement 17; '2?17=1' alternative 1 of another choice. Before a bar",
      "stands what the run needs besides: 'ncpu=2,no-preempt,access|…'.",
      '',
      '--json, a recording: verdict, icount, digest; identical, or divergence, the first difference;',
      'recorded, what the file says; changes, of its sources; printed, by --dprintf. A schedule: as',
      '`rumpus run`, with misfits, the directives that did not fit.',
    ].join('\n'),
  );
  command.action(async (file: string, flags: Flags) => {
    process.exitCode = await replayCommand(file, flags);
  });
}

/** Replays and prints; the exit status says whether it is the same run again. */
export async function replayCommand(file: string, flags: Flags): Promise<number> {
  if (flags.schedule !== undefined) return replaySchedule(file, flags.schedule, flags);
  needsSchedule(flags);
  const startedAt = performance.now();
  const read = readFileOf(file);
  if (isTestRecording(read.data)) return replayTestCommand(file, read.data, flags);
  const request = printRequest(flags.dprintf);
  const to = flags.to === undefined ? undefined : wholeNumber('--to', flags.to, 1, ICOUNT_MAX);
  const opened = await openRecording(file, flags, read);
  const done = follow(opened, flags, request, to);
  if (done.stand !== undefined) return printStandstill(file, done.stand, flags);
  const same = done.replayed.divergence === null;
  if (to !== undefined && same) {
    throw new InputError(`the run ends at icount ${read.data.end.icount}, before ${to}`);
  }
  if (flags.json) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    printJson({ ...replayJson(opened, done), recording: file, elapsedMs });
  } else {
    printReplay(opened, done.replayed, { stacks: stacksText(done.stacks), flags });
  }
  return same ? EXIT_FINE : EXIT_FINDING;
}

/** What came of a replay. */
interface Followed {
  readonly replayed: Replayed;
  readonly stacks: readonly LwpStack[];
  /** Where it was stopped, if it was. */
  readonly stand: Standstill | undefined;
  /** Undefined when nothing was to be printed. */
  readonly printed: readonly Printed[] | undefined;
}

/** The replay itself, with what is printed while it runs. */
function follow(
  opened: Opened,
  flags: Flags,
  request: PrintRequest | undefined,
  to: number | undefined,
): Followed {
  const failure = new FailureObserver();
  const options = { adapt: flags.adapt, observer: watcher(failure, flags) };
  let stand: Standstill | undefined;
  const stopping = to === undefined ? options : stopAt(options, to, (at) => (stand = at));
  const body = () => replay(opened.loaded, opened.data, stopping);
  if (request === undefined) {
    return { replayed: body(), stacks: failure.stacks, stand, printed: undefined };
  }
  const printed: Printed[] = [];
  const show = (line: Printed) => {
    printed.push(line);
    if (!flags.json) print(printedText(line));
  };
  const replayed = printing([request], show, body);
  return { replayed, stacks: failure.stacks, stand, printed };
}

/** The console of a recording is a stranger's text: what could act on a terminal is spelled out. */
function watcher(failure: FailureObserver, flags: Flags): Observer {
  return {
    failed: failure.failed,
    console: (text) => {
      if (!flags.json && !flags.quiet) process.stdout.write(printableLines(text));
    },
    dprintf: (text) => void process.stderr.write(printableLines(text)),
  };
}

function replayJson(opened: Opened, done: Followed): object {
  const { loaded, data } = opened;
  const { replayed, stacks, printed } = done;
  const { run, divergence, changes } = replayed;
  return {
    ...reportOf(loaded, specOf(data), run),
    recorded: { ...data.end },
    identical: divergence === null,
    divergence: divergence ?? undefined,
    changes: changes.length > 0 ? changes : undefined,
    printed,
    stacks: stacksJson(stacks),
  };
}

/** `--dprintf file:line format values…` */
function printRequest(words: readonly string[] | undefined): PrintRequest | undefined {
  if (words === undefined) return undefined;
  const [place, format, ...expressions] = words;
  if (format === undefined) {
    throw new InputError(
      "--dprintf takes file:line, a format and values: --dprintf a.ts:3 'x %d' x",
    );
  }
  return { ...parsePlace(place), format, expressions };
}

function printedText(line: Printed): string {
  const { icount, cpu, lwpName, path, lineBase1, text } = line;
  const where = `${path}:${lineBase1}`;
  return `${grouped(icount).padStart(12)}  cpu${cpu}  ${lwpName}  ${printable(text)}  ${styled('dim', where)}`;
}

function printStandstill(file: string, stand: Standstill, flags: Flags): number {
  if (flags.json) {
    printJson(stand);
    return EXIT_FINE;
  }
  for (const line of standstillText(stand)) print(line);
  printEditorLink(file, stand.icount);
  return EXIT_FINE;
}

function printReplay(
  opened: Opened,
  replayed: Replayed,
  said: { readonly stacks: readonly string[]; readonly flags: Flags },
): void {
  const { loaded, data } = opened;
  const { run, divergence, changes } = replayed;
  const report = reportOf(loaded, specOf(data), run);
  if (divergence === null || said.flags.adapt) print(verdictText(report.verdict, report.message));
  if (changes.length > 0) note(changesNote(data, replayed));
  if (divergence !== null) {
    print(`${styled('red', 'the replay diverged')} ${divergence}`);
    print(labelled('recorded', `${data.end.verdict} at icount ${grouped(data.end.icount)}`));
    return;
  }
  const details = said.flags.quiet ? [] : said.stacks;
  for (const line of [...details, ...circumstances(report)]) print(line);
  print(labelled('replayed', 'identically: verdict, icount and digest are the recorded ones'));
}

function changesNote(data: RecordingData, replayed: Replayed): string {
  const names = replayed.changes.map(({ path }) => path).join(', ');
  return `replayed a recording of image ${data.image.identity.slice(0, 12)} on changed sources: ${names}`;
}

/** Runs a program under a schedule, and prints and saves as `rumpus run` does. */
async function replaySchedule(file: string, schedule: string, flags: Flags): Promise<number> {
  const other = (['adapt', 'to', 'dprintf', 'program', 'trust'] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (other !== undefined) {
    throw new InputError(`--${other} is for a recording, and --schedule for a program`);
  }
  if (/\.(core|rumpus)$/.test(file)) {
    throw new InputError(`--schedule takes a program, and ${file} has a schedule of its own`);
  }
  return run(file, specOfSchedule(schedule, toldBy(flags)), flags);
}

/** A recording knows what it was told. */
function needsSchedule(flags: Flags): void {
  const names = ['ncpu', 'preempt', 'seed', 'grain', 'budget', 'arg'] as const;
  const name = names.find((one) => flags[one] !== undefined);
  if (name !== undefined)
    throw new InputError(`--${name} needs --schedule: a recording has its own`);
}
