/**
 * Bookmarks: moments with a name, kept for the workspace: the icount, and the line on which one
 * stood, by which a person finds the moment again after an edit has renumbered icounts.
 */

import * as vscode from 'vscode';
import type { Handlers } from './commands.ts';
import { grouped } from './describe.ts';
import type { BookmarkBody } from './protocol.ts';
import type { Sessions } from './session.ts';

const KEY = 'rumpus.bookmarks';
/** Bookmarks kept; the oldest go first. */
const BOOKMARKS_MAX = 200;

interface Bookmark {
  readonly name: string;
  /** Configuration that it was set in. */
  readonly session: string;
  readonly icount: number;
  /** `rumpus/kernel/kern/kern_mutex.ts:71`; '' when nobody knows. */
  readonly place: string;
}

export function bookmarkCommands(sessions: Sessions, store: vscode.Memento): Handlers {
  return {
    'rumpus.addBookmark': () => add(sessions, store),
    'rumpus.goToBookmark': () => goTo(sessions, store),
  };
}

async function add(sessions: Sessions, store: vscode.Memento): Promise<void> {
  const { where, active } = sessions;
  if (where === undefined || active === undefined) return;
  const title = `A name for icount ${grouped(where.icount)}`;
  const value = where.description;
  const name = await vscode.window.showInputBox({ title, value });
  if (name === undefined) return;
  const args = { action: 'add', name };
  const body = await sessions.demand<BookmarkBody>('rumpus/bookmark', args);
  if (body === undefined) return;
  const { icount, path, lineBase1 } = body.bookmark;
  const place = path === '' ? '' : `${path}:${lineBase1}`;
  const bookmark: Bookmark = { name, session: active.name, icount, place };
  await store.update(KEY, [...kept(store), bookmark].slice(-BOOKMARKS_MAX));
}

async function goTo(sessions: Sessions, store: vscode.Memento): Promise<void> {
  const items = kept(store)
    .filter(({ session }) => session === sessions.active?.name)
    .map((bookmark) => {
      const { name, icount, place } = bookmark;
      return { label: name, description: `icount ${grouped(icount)}`, detail: place, bookmark };
    });
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no bookmark of this session.');
    return;
  }
  const chosen = await vscode.window.showQuickPick(items.reverse(), { title: 'Go to a bookmark' });
  if (chosen !== undefined)
    await sessions.demand('rumpus/goto', { icount: chosen.bookmark.icount });
}

function kept(store: vscode.Memento): readonly Bookmark[] {
  return store.get<readonly Bookmark[]>(KEY, []);
}
