/**
 * Commands that show the whole kernel at this moment.
 *
 * All but `why` answer from Target.state(), as `rumpus core` does from a file: so the same moment
 * reads the same wherever it is looked at.
 */

import {
  btOf,
  btText,
  dmesgOf,
  dmesgText,
  type PsModifier,
  printable,
  psOf,
  psText,
  table,
} from '../../corefiles/index.ts';
import { argsText, decodeEvents, type TraceEvent } from '../../tracer/index.ts';
import { wholeNumber } from '../run/spec.ts';
import { TargetError } from '../target/index.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

const NUMBER_MAX = 0x7fffffff;
const EVENTS_SHOWN = 20;

async function ps({ target, modifier }: Call): Promise<CommandResult> {
  if (modifier.length > 1) throw new TargetError('ps takes one modifier: ps/l, ps/n or ps/w');
  return { text: psText(psOf(await target.state()), modifier as PsModifier) };
}

/** Of the LWPs that are named; else of the chosen one. */
async function bt({ target, context, stop, words }: Call): Promise<CommandResult> {
  const all = words.includes('-a');
  const named = words
    .filter((word) => word !== '-a')
    .map((word) => wholeNumber('an LWP', word, 0, NUMBER_MAX));
  const core = await target.state();
  const chosen = named.length > 0 ? named : [context.lwp ?? stop.lwp];
  return { text: btText(btOf(core, all ? [] : chosen)) };
}

async function dmesg({ target }: Call): Promise<CommandResult> {
  return { text: dmesgText(dmesgOf(await target.state())) };
}

/** The last events, of all kinds or of one: `events 50`, `events syscall`. */
async function events({ target, words }: Call): Promise<CommandResult> {
  const numbers = words.filter((word) => /^\d/.test(word));
  const kinds = words.filter((word) => !/^\d/.test(word));
  const count = wholeNumber('the number', numbers[0] ?? String(EVENTS_SHOWN), 1, NUMBER_MAX);
  const core = await target.state();
  if (core.events === undefined) throw new TargetError('no events were kept');
  const names = new Map(core.lwps().map(({ id, name }) => [id, name]));
  const wanted = decodeEvents(core.events, names).filter((event) => isOfKinds(event, kinds));
  if (wanted.length === 0) return { text: 'There are no such events before this moment.' };
  const head = ['ICOUNT', 'CPU', 'LWP', 'NAME', 'KIND', 'WHAT'];
  return { text: table([head, ...wanted.slice(-count).map(eventRow)]).join('\n') };
}

/** `syscall` is syscall:enter and syscall:exit. */
function isOfKinds({ kind }: TraceEvent, kinds: readonly string[]): boolean {
  return kinds.length === 0 || kinds.some((one) => kind === one || kind.startsWith(`${one}:`));
}

function eventRow(event: TraceEvent): string[] {
  const { icount, cpu, lwp, lwpName, kind } = event;
  const what = printable(argsText(event));
  return [String(icount), String(cpu), String(lwp), printable(lwpName), kind, what];
}

async function why({ target }: Call): Promise<CommandResult> {
  return { text: (await target.why()).trimEnd() };
}

export const LOOKING: CommandGroup = {
  title: 'The kernel at this moment',
  commands: [
    {
      name: 'ps',
      usage: 'ps[/l|/n|/w]',
      summary: 'processes and LWPs, with what they wait for (WCHAN)',
      details:
        'ps/l  priorities, objects and held locks   ps/n  processes alone   ps/w  what LWPs wait for',
      modifiers: 'lnw',
      run: ps,
    },
    {
      name: 'bt',
      aliases: ['backtrace', 'trace', 't'],
      usage: 'bt [-a | LWP…]',
      summary: 'the stack of this LWP, of others or of all, with variables',
      run: bt,
    },
    {
      name: 'dmesg',
      when: 'stands',
      usage: 'dmesg',
      summary: 'the message buffer, and what was written to the console',
      run: dmesg,
    },
    {
      name: 'events',
      when: 'stands',
      usage: 'events [N] [KIND…]',
      summary: `the last N events (${EVENTS_SHOWN}), of a kind: syscall, lock, sched:switch…`,
      run: events,
    },
    {
      name: 'why',
      when: 'stands',
      usage: 'why',
      summary: 'which statement made the error of the last failing system call',
      run: why,
    },
  ],
};
