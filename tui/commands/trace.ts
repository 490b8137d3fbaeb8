/**
 * rumpus trace: the events of a run as text.
 *
 * A program is run, a recording replayed, twice: once for the events, once more to find the source
 * positions of those that are shown. With --saved the events that are in the file are shown and
 * nothing is run.
 */

import type { Command } from 'commander';
import type { RecordedEvents } from '../../corefiles/index.ts';
import { eventsOf, InputError, wholeNumber } from '../../debugger/index.ts';
import { EVENT_NAMES, type World } from '../../kernel/index.ts';
import {
  decodeEvents,
  type EventFilter,
  filterEvents,
  formatEvent,
  isEventKind,
  PositionFinder,
  type StackFrame,
  TRACE_HEADING,
  type TraceEvent,
} from '../../tracer/index.ts';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { addOutputOptions, addRunOptions, type OutputFlags } from '../options.ts';
import { grouped, note, printJson, styled } from '../output.ts';
import { readFileOf } from '../recording.ts';
import { verdictText } from '../report.ts';
import { openTarget, type TargetFlags } from '../target.ts';
import { addRecordingOptions } from './replay.ts';

interface Flags extends TargetFlags, OutputFlags {
  readonly kind?: readonly string[];
  readonly lwp?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly events: string;
  readonly saved?: boolean;
}

const EVENTS_MAX = 1 << 24;
/** Events for which positions are looked up. */
const POSITIONS_MAX = 200_000;
/** Lines written at once. */
const LINES_AT_ONCE = 1000;

export function define(command: Command): void {
  command.argument('<file>', 'a program, a recording or a core');
  command.argument('[args...]', 'arguments for the program');
  command.option('--kind <names...>', 'only events of these kinds: lock, syscall:enter, …');
  command.option('--lwp <names...>', 'only events of these LWPs, by name or number');
  command.option('--from <icount>', 'only events from this icount on');
  command.option('--to <icount>', 'only events up to this icount');
  command.option('--events <n>', 'events kept; when there are more, the last ones', '65536');
  command.option('--saved', 'show the events that the file holds, run nothing');
  command.option('--adapt', 'go on although the program or kernel has changed since');
  addRunOptions(command);
  addRecordingOptions(command);
  addOutputOptions(command);
  examples(command, [
    ['Everything that happens in a run', 'rumpus trace race.ts --ncpu 2 --seed 7'],
    [
      'Locks and switches of a recording',
      'rumpus trace .rumpus/race-deadlock-7.core --kind lock sched:switch',
    ],
    ['For a script', 'rumpus trace race.ts --json | jq ".events[].kind"'],
  ]);
  command.addHelpText('after', `\nKinds: ${EVENT_NAMES.filter((name) => name !== '').join(' ')}`);
  command.action(async (file: string, args: string[], flags: Flags) => {
    process.exitCode = await traceCommand(file, args, flags);
  });
}

interface Traced {
  readonly events: readonly TraceEvent[];
  readonly dropped: number;
  /** Place of an event in the source. */
  placeOf(event: TraceEvent): StackFrame | undefined;
  /** How the run ended, for a line below. */
  readonly end: { readonly verdict: string; readonly message: string };
}

async function traceCommand(file: string, args: string[], flags: Flags): Promise<number> {
  const filter = filterFrom(flags);
  const traced = flags.saved
    ? savedEvents(file, filter)
    : await runEvents(file, args, flags, filter);
  if (flags.json) printJson(tracedJson(traced));
  else await printTraced(traced, flags);
  return EXIT_FINE;
}

function filterFrom(flags: Flags): EventFilter {
  for (const kind of flags.kind ?? []) {
    if (!isEventKind(kind)) throw new InputError(`there are no events of kind '${kind}'`);
  }
  const icount = (name: string, text: string | undefined) =>
    text === undefined ? undefined : wholeNumber(name, text, 0, Number.MAX_SAFE_INTEGER);
  const from = icount('--from', flags.from);
  const to = icount('--to', flags.to);
  return { kinds: flags.kind, lwps: flags.lwp, from, to };
}

/** The events in the file: nothing is run, so a stranger's file may be looked at. */
function savedEvents(file: string, filter: EventFilter): Traced {
  const read = readFileOf(file);
  if (read.events === undefined) {
    throw new InputError(`${file} holds no events; without --saved it is replayed to get them`);
  }
  const { verdict, message } = read.data.end;
  return {
    events: filterEvents(decodeEvents(read.events), filter),
    dropped: read.events.dropped,
    placeOf: () => undefined,
    end: { verdict, message },
  };
}

async function runEvents(
  file: string,
  args: string[],
  flags: Flags,
  filter: EventFilter,
): Promise<Traced> {
  const ringRecords = wholeNumber('--events', flags.events, 16, EVENTS_MAX);
  const target = await openTarget(file, args, flags);
  const { world, outcome } = target.run({ ringRecords, observer: {} });
  const recorded = eventsOf(world) as RecordedEvents;
  const events = filterEvents(decodeEvents(recorded, namesOf(world)), filter);
  const finder = new PositionFinder(events.slice(0, POSITIONS_MAX));
  target.run({ observer: finder.observer, prepare: (w) => finder.prepare(w) });
  const { verdict, message } = outcome;
  const { dropped } = recorded;
  return { events, dropped, placeOf: (event) => finder.of(event), end: { verdict, message } };
}

function namesOf(w: World): Map<number, string> {
  const names = new Map<number, string>();
  for (const l of w.lwps) if (l !== null) names.set(l.id, l.name);
  return names;
}

function tracedJson(traced: Traced): object {
  const events = traced.events.map((event) => {
    const place = traced.placeOf(event);
    if (place === undefined) return event;
    const { path, lineBase1, columnBase0 } = place;
    const at = { function: place.function, file: path, line: lineBase1, column: columnBase0 + 1 };
    return { ...event, at };
  });
  return { ...traced.end, events, dropped: traced.dropped };
}

async function printTraced(traced: Traced, flags: Flags): Promise<void> {
  const { events, dropped, end } = traced;
  const lines = flags.quiet ? [] : [styled('dim', TRACE_HEADING.trimEnd())];
  for (const event of events) {
    lines.push(formatEvent(event, traced.placeOf(event)));
    if (lines.length >= LINES_AT_ONCE) await write(lines);
  }
  await write(lines);
  if (dropped > 0) note(`${grouped(dropped)} earlier events were dropped; --events keeps more`);
  if (!flags.quiet)
    note(`${grouped(events.length)} events; ${verdictText(end.verdict, end.message)}`);
}

/** Writes and empties `lines`; waits while the reader is slow, so that memory stays small. */
async function write(lines: string[]): Promise<void> {
  if (lines.length === 0) return;
  const text = `${lines.join('\n')}\n`;
  lines.length = 0;
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}
