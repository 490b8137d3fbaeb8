/** The trees: locks and waits, system calls of this LWP, events and console. */

import type * as vscode from 'vscode';
import { grouped, lockRows, type Row, syscallRows } from '../describe.ts';
import type { EventsBody, LocksBody, SyscallsBody } from '../protocol.ts';
import type { Sessions } from '../session.ts';
import { registerTree } from './tree.ts';

/** Events that are listed: more than anybody scrolls through. */
const EVENTS_SHOWN = 500;

/** Icons by the first word of an event's kind. */
const ICONS: Readonly<Record<string, string>> = {
  syscall: 'symbol-method',
  sched: 'arrow-swap',
  lock: 'lock',
  irq: 'zap',
  bio: 'database',
  net: 'broadcast',
  vfs: 'folder',
  mem: 'symbol-array',
  errno: 'error',
  dprintf: 'comment',
  console: 'terminal',
  lwp: 'person',
};

export function registerTrees(sessions: Sessions): vscode.Disposable[] {
  return [
    ...registerTree('rumpus.locks', sessions, locks),
    ...registerTree('rumpus.syscalls', sessions, syscalls),
    ...registerTree('rumpus.events', sessions, events),
  ];
}

async function locks(sessions: Sessions): Promise<Row[] | undefined> {
  const body = await sessions.ask<LocksBody>('rumpus/locks');
  return body && lockRows(body);
}

async function syscalls(sessions: Sessions): Promise<Row[] | undefined> {
  const body = await sessions.ask<SyscallsBody>('rumpus/syscalls', { lwp: sessions.lwp });
  return body && syscallRows(body);
}

/** The latest first. */
async function events(sessions: Sessions): Promise<Row[] | undefined> {
  const body = await sessions.ask<EventsBody>('rumpus/events', { count: EVENTS_SHOWN });
  return body && [...body.events].reverse().map(eventRow);
}

function eventRow({ icount, cpu, lwp, kind, text }: EventsBody['events'][number]): Row {
  const who = lwp === 0 ? `CPU ${cpu}` : `LWP ${lwp} on CPU ${cpu}`;
  const icon = ICONS[kind.split(':')[0]] ?? 'circle-small';
  return { text: `${kind} ${text}`, detail: `${grouped(icount)} · ${who}`, icon, icount };
}
