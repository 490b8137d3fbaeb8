/** The trees: locks and waits, system calls of this LWP, events and console. */

import type * as vscode from 'vscode';
import { eventRows, lockRows, type Naming, syscallRows } from '../describe.ts';
import type { EventsBody, LocksBody, SyscallsBody } from '../protocol.ts';
import type { Sessions } from '../session.ts';
import { registerTree } from './tree.ts';

/** Events that are listed: more than anybody scrolls through. */
const EVENTS_SHOWN = 500;
const SYSCALL_EVENTS_SHOWN = 400;

export function registerTrees(sessions: Sessions): vscode.Disposable[] {
  const naming: Naming = (lwp) => sessions.lwpName(lwp);
  const tree = (name: string, rows: Parameters<typeof registerTree>[2]) =>
    registerTree(`rumpus.${name}`, sessions, rows);
  return [
    ...tree('locks', async () => {
      const body = await sessions.ask<LocksBody>('rumpus/locks');
      return body && lockRows(body, naming);
    }),
    ...tree('syscalls', async () => {
      const args = { lwp: sessions.lwp, count: SYSCALL_EVENTS_SHOWN };
      const body = await sessions.ask<SyscallsBody>('rumpus/syscalls', args);
      return body && syscallRows(body);
    }),
    ...tree('events', async () => {
      const body = await sessions.ask<EventsBody>('rumpus/events', { count: EVENTS_SHOWN });
      return body && eventRows(body, sessions.lines, naming);
    }),
  ];
}
