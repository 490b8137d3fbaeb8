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
  type ReplayOptions,
  replay,
  specOf,
  wholeNumber,
} from '../../debugger/index.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import { FailureObserver, stacksJson, stacksText } from '../failure.ts';
import { examples } from '../help.ts';
import { addOutputOptions, type OutputFlags } from '../options.ts';
import { grouped, note, print, printJson, styled } from '../output.ts';
import { type Opened, openRecording, readFileOf, type RecordingFlags } from '../recording.ts';
import { replayTestCommand } from './replay-test.ts';
import { circumstances, labelled, reportOf, verdictText } from '../report.ts';
import { type Standstill, standstillText, stopAt } from '../standstill.ts';

interface Flags extends OutputFlags, RecordingFlags {
  readonly adapt?: boolean;
  readonly to?: string;
  readonly dprintf?: readonly string[];
}

export function addRecordingOptions(command: Command): Command {
  return command
    .option('--program <file>', 'the program, when it is not where it was')
    .option('--trust', 'run the sources in the file when the program is not here');
}

export function define(command: Command): void {
  command.argument('<file>', 'a recording or a core');
  command.option('--adapt', 'go on although the program or kernel has changed since');
  command.option('--to <icount>', 'stop there and show every LWP');
  command.option(
    '--dprintf <place-format-values...>',
    "print into the past: file:line 'format' expression…",
  );
  addRecordingOptions(command);
  addOutputOptions(command);
  examples(command, [
    [
      'The same run again, to the same icount and digest',
      'rumpus replay .rumpus/race-deadlock-7.core',
    ],
    ['After the program was edited', 'rumpus replay race.rumpus --adapt'],
    ['What every LWP was doing at an icount', 'rumpus replay race.rumpus --to 1200'],
    [
      'Print at a line of the program or kernel, without touching it',
      "rumpus replay race.rumpus --dprintf race.ts:12 'x is %d' state.x",
    ],
  ]);
  command.action(async (file: string, flags: Flags) => {
    process.exitCode = await replayCommand(file, flags);
  });
}

/** Replays and prints; the exit status says whether it is the same run again. */
export async function replayCommand(file: string, flags: Flags): Promise<number> {
  const startedAt = performance.now();
  const read = readFileOf(file);
  if (isTestRecording(read.data)) return replayTestCommand(file, read.data, flags);
  const request = printRequest(flags.dprintf);
  const opened = await openRecording(file, flags, read);
  const { loaded, data } = opened;
  const failure = new FailureObserver();
  let stand: Standstill | undefined;
  const options: ReplayOptions = {
    adapt: flags.adapt,
    observer: {
      failed: failure.failed,
      console: (text) => {
        if (!flags.json && !flags.quiet) process.stdout.write(printableLines(text));
      },
      dprintf: (text) => void process.stderr.write(text),
    },
  };
  const to = flags.to === undefined ? undefined : wholeNumber('--to', flags.to, 1, 1e15);
  const stopping = to === undefined ? options : stopAt(options, to, (at) => (stand = at));
  const printed: Printed[] = [];
  const show = (line: Printed) => {
    printed.push(line);
    if (!flags.json) print(printedText(line));
  };
  const body = () => replay(loaded, data, stopping);
  const replayed = request === undefined ? body() : printing([request], show, body);
  if (stand !== undefined) return printStandstill(stand, flags);
  if (to !== undefined && replayed.divergence === null) {
    throw new InputError(`the run ends at icount ${data.end.icount}, before ${to}`);
  }
  const same = replayed.divergence === null;
  if (flags.json) {
    const { changes, divergence } = replayed;
    printJson({
      ...reportOf(loaded, specOf(data), replayed.run),
      recorded: { ...data.end },
      identical: same,
      divergence: divergence ?? undefined,
      changes: changes.length > 0 ? changes : undefined,
      printed: request === undefined ? undefined : printed,
      stacks: stacksJson(failure.stacks),
      recording: file,
      elapsedMs: Math.round(performance.now() - startedAt),
    });
  } else {
    printReplay(opened, replayed, { stacks: stacksText(failure.stacks), flags });
  }
  return same ? EXIT_FINE : EXIT_FINDING;
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

function printStandstill(stand: Standstill, flags: Flags): number {
  if (flags.json) printJson(stand);
  else for (const line of standstillText(stand)) print(line);
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
