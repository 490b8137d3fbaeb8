/**
 * rumpus core: what a core says, without running anything that is in it.
 */

import type { Command } from 'commander';
import {
  analysisText,
  analyze,
  btOf,
  btText,
  type Core,
  dmesgOf,
  dmesgText,
  infoOf,
  infoText,
  locksReport,
  locksText,
  openCore,
  printOf,
  printText,
  psOf,
  psText,
  type RecordedEvents,
} from '../../corefiles/index.ts';
import { InputError, wholeNumber } from '../../debugger/index.ts';
import { decodeEvents, summarizeEvent, type TraceEvent } from '../../tracer/index.ts';
import { printEditorLink } from '../editor.ts';
import { examples } from '../help.ts';
import { note, print, printJson } from '../output.ts';
import { isProgramFile } from '../recording.ts';

interface Flags {
  readonly json?: boolean;
}

interface PrintFlags extends Flags {
  readonly depth: string;
  readonly from: string;
  readonly count: string;
}

const INDEX_MAX = 0x7fffffff;
const DEPTH_MAX = 8;

/** A question to a core: its answer as data, and that as text. */
interface Question<Answer> {
  readonly name: string;
  readonly summary: string;
  answer(core: Core, file: string): Answer;
  text(answer: Answer): string;
}

function question<Answer>(asked: Question<Answer>): Question<Answer> {
  return asked;
}

/** Lines of a core's events by their place in its records; they are decoded once. */
function eventLines(): (events: RecordedEvents, at: number) => string {
  let decoded: readonly TraceEvent[] | undefined;
  return (events, at) => {
    decoded ??= decodeEvents(events);
    const event = decoded[Math.floor(at / events.recordWords)];
    return event === undefined ? '' : summarizeEvent(event);
  };
}

const ANALYZE = question({
  name: 'analyze',
  summary: 'one screen: what happened, where, why, who holds what, how to reproduce it',
  answer: (core, file) => analyze(core, { file, eventLine: eventLines() }),
  text: analysisText,
});
const INFO = question({
  name: 'info',
  summary: 'what the file is, and what of it is there',
  answer: infoOf,
  text: infoText,
});
const PS = question({
  name: 'ps',
  summary: 'processes and LWPs',
  answer: psOf,
  text: psText,
});
const LOCKS = question({
  name: 'locks',
  summary: 'locks that are held or waited for, and cycles',
  answer: locksReport,
  text: locksText,
});
const DMESG = question({
  name: 'dmesg',
  summary: 'the message buffer and the console',
  answer: dmesgOf,
  text: dmesgText,
});

export function define(command: Command): void {
  command.usage('<question> <file>');
  ask(command, ANALYZE);
  ask(command, INFO);
  ask(command, PS);
  defineBacktrace(command);
  ask(command, LOCKS);
  ask(command, DMESG);
  definePrint(command);
  defineConsole(command);
  examples(command, [
    ['Why did it panic?', 'rumpus core analyze .rumpus/race-deadlock-7.core'],
    ['The stacks of LWPs 2 and 3, with their variables', 'rumpus core bt race.core 2 3'],
    ['Follow a field', "rumpus core print race.core 'kernel.procs[1]'"],
    [
      'As in ddb(4); without a command it asks for them',
      'rumpus core ddb race.core show all locks',
    ],
  ]);
  command.addHelpText('after', '\nNothing in the file is run. `rumpus replay` runs it again.');
}

function ask<Answer>(command: Command, asked: Question<Answer>): void {
  subcommand(command, asked.name, asked.summary).action((file: string, flags: Flags) => {
    show(asked.answer(open(file), file), asked.text, flags);
    if (asked === ANALYZE && flags.json !== true) printEditorLink(file);
  });
}

function subcommand(command: Command, name: string, summary: string): Command {
  return command
    .command(name)
    .summary(summary)
    .description(summary)
    .argument('<file>', 'a core')
    .option('--json', 'print one JSON object on stdout and nothing else')
    .helpOption('-h, --help', 'show help');
}

function defineBacktrace(command: Command): void {
  subcommand(command, 'bt', 'stacks, with variables')
    .argument('[lwps...]', 'numbers of LWPs; all when none is given')
    .action((file: string, lwps: string[], flags: Flags) => {
      const numbers = lwps.map((text) => wholeNumber('an LWP', text, 1, INDEX_MAX));
      const stacks = btOf(open(file), numbers);
      show({ stacks }, () => btText(stacks), flags);
    });
}

function definePrint(command: Command): void {
  subcommand(command, 'print', 'an object and its fields, by its path')
    .argument('[path]', 'kernel.procs[1], lwp[3].frames[0].locals.vp or #17.name', 'kernel')
    .option('--depth <n>', 'levels of objects that are opened', '1')
    .option('--from <n>', 'the first field or element shown', '0')
    .option('--count <n>', 'how many are shown', '40')
    .action((file: string, path: string, flags: PrintFlags) => {
      const depth = wholeNumber('--depth', flags.depth, 1, DEPTH_MAX);
      const from = wholeNumber('--from', flags.from, 0, INDEX_MAX);
      const count = wholeNumber('--count', flags.count, 1, INDEX_MAX);
      show(printOf(open(file), path, { depth, from, count }), printText, flags);
    });
}

/** The console commands (debugger/console) on the file alone. */
function defineConsole(command: Command): void {
  command
    .command('ddb')
    .summary('the commands of rumpus debug: ps/w, bt -a, show vnode…')
    .description('the commands of rumpus debug, on the file alone: nothing of it is run')
    .argument('<file>', 'a core')
    .argument('[command...]', 'one command; without it, a prompt, or a script on stdin')
    .helpOption('-h, --help', 'show help')
    .allowUnknownOption()
    .action(async (file: string, words: string[]) => {
      const { askCore } = await import('../debug/core.ts');
      open(file);
      process.exitCode = await askCore(file, words.join(' '));
    });
}

/** Opens a core. What is damaged is said on stderr; what can be read is answered. */
function open(file: string): Core {
  if (isProgramFile(file)) throw new InputError(`${file} is a program, not a core`);
  const core = openCore(file);
  for (const warning of core.warnings) note(`warning: ${file}: ${warning}`);
  return core;
}

function show<Answer>(answer: Answer, text: (answer: Answer) => string, flags: Flags): void {
  if (flags.json) printJson(answer as object);
  else print(text(answer).trimEnd());
}
