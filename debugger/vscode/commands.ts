/** Commands that move in time, and those that keep a moment. The adapter does the work. */

import * as vscode from 'vscode';
import { grouped, parseIcount } from './describe.ts';
import type { Sessions } from './session.ts';

/** Requests that move, by command: no question to ask. */
const MOVES: Readonly<Record<string, readonly [string, object]>> = {
  'rumpus.stepBackIn': ['rumpus/stepBackIn', {}],
  'rumpus.stepBackOut': ['rumpus/stepBackOut', {}],
  'rumpus.nextSchedulingPoint': ['rumpus/schedulingPoint', { backwards: false }],
  'rumpus.previousSchedulingPoint': ['rumpus/schedulingPoint', { backwards: true }],
  'rumpus.nextSwitch': ['rumpus/switch', { backwards: false }],
  'rumpus.previousSwitch': ['rumpus/switch', { backwards: true }],
};

/** Kinds of events that one looks for. */
const KINDS: readonly (readonly [string, string])[] = [
  ['errno', 'an errno is made'],
  ['syscall', 'a system call begins or ends'],
  ['lock:wait', 'an LWP waits for a lock'],
  ['lock', 'a lock is taken, waited for or released'],
  ['sched', 'an LWP sleeps, wakes or is switched to'],
  ['vfs', 'a vnode operation'],
  ['bio', 'block I/O'],
  ['net', 'a packet'],
  ['irq', 'an interrupt'],
  ['mem', 'an allocation'],
  ['dprintf', 'a dprintf line'],
];

/** What VS Code hands to a command in the context menu of a variable. */
interface VariableContext {
  readonly container?: { readonly variablesReference?: number };
  readonly variable?: { readonly name?: string; readonly evaluateName?: string };
}

/** Handlers by command. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

export function timeCommands(sessions: Sessions): Handlers {
  const moves = Object.entries(MOVES).map(([command, [request, args]]) => {
    return [
      command,
      () => sessions.demand(request, { threadId: sessions.thread, ...args }),
    ] as const;
  });
  return {
    ...Object.fromEntries(moves),
    'rumpus.nextEvent': () => goToEvent(sessions, { backwards: false }),
    'rumpus.previousEvent': () => goToEvent(sessions, { backwards: true }),
    'rumpus.goTo': (icount: number) => sessions.demand('rumpus/goto', { icount }),
    'rumpus.goToIcount': () => goToIcount(sessions),
    'rumpus.lastWrite': (at: VariableContext) => lastWrite(sessions, at),
    'rumpus.saveCore': () => saveCore(sessions),
  };
}

async function goToEvent(sessions: Sessions, way: { backwards: boolean }): Promise<void> {
  const items = KINDS.map(([label, description]) => ({ label, description }));
  const title = way.backwards ? 'Back to the previous event' : 'On to the next event';
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen === undefined) return;
  await sessions.demand('rumpus/event', { ...way, event: chosen.label });
}

async function goToIcount(sessions: Sessions): Promise<void> {
  const from = sessions.where?.icount ?? 1;
  const last = sessions.where?.lastIcount;
  const text = await vscode.window.showInputBox({
    title: 'Go to an icount',
    prompt: `Now ${grouped(from)}${last === undefined ? '' : ` of ${grouped(last)}`}; +50 and -50 count from here`,
    validateInput: (typed) => {
      return parseIcount(typed, from) === undefined ? 'An icount is a whole number.' : undefined;
    },
  });
  const icount = text === undefined ? undefined : parseIcount(text, from);
  if (icount !== undefined) await sessions.demand('rumpus/goto', { icount });
}

async function lastWrite(sessions: Sessions, at: VariableContext | undefined): Promise<void> {
  const variablesReference = at?.container?.variablesReference;
  const name = at?.variable?.name;
  if (variablesReference === undefined || name === undefined) return;
  await sessions.demand('rumpus/lastWrite', { variablesReference, name });
}

async function saveCore(sessions: Sessions): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `moment-${sessions.where?.icount ?? 0}.core`;
  const defaultUri = folder && vscode.Uri.joinPath(folder, name);
  const uri = await vscode.window.showSaveDialog({ defaultUri, filters: { Cores: ['core'] } });
  if (uri === undefined) return;
  const saved = await sessions.demand('rumpus/saveCore', { file: uri.fsPath });
  if (saved !== undefined) void vscode.window.showInformationMessage(`Saved ${uri.fsPath}.`);
}
