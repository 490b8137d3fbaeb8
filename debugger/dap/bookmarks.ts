/**
 * Bookmarks: moments with a name, in this session. Each shows its icount, LWP and place, which is
 * what an extension keeps over sessions; an icount alone does not survive an edit.
 *
 *   rumpus/bookmark { action: 'add', name: 'before the race' }
 *   rumpus/bookmark { action: 'list' }
 *   rumpus/bookmark { action: 'goto', id: 1 }
 *   rumpus/bookmark { action: 'remove', id: 1 }
 */

import { type Arguments, maybeNumber, maybeText, maybeWord, wholeNumber } from './args.ts';
import { DapError } from './errors.ts';
import type { Answer, Call, Requests, Session } from './session.ts';
import { travel } from './time.ts';

export interface Bookmark {
  readonly id: number;
  readonly name: string;
  readonly icount: number;
  readonly lwp: number;
  readonly path: string;
  readonly lineBase1: number;
}

export class Bookmarks {
  readonly #list: Bookmark[] = [];
  #next = 1;

  add(mark: Omit<Bookmark, 'id'>): Bookmark {
    const added = { id: this.#next++, ...mark };
    this.#list.push(added);
    return added;
  }

  find(id: number): Bookmark {
    const mark = this.#list.find((one) => one.id === id);
    if (mark !== undefined) return mark;
    throw new DapError('unknown', `There is no bookmark ${id}.`);
  }

  remove(id: number): void {
    this.#list.splice(this.#list.indexOf(this.find(id)), 1);
  }

  all(): readonly Bookmark[] {
    return this.#list;
  }
}

const ACTIONS = ['add', 'list', 'goto', 'remove'] as const;

async function bookmark(session: Session, args: Arguments, call: Call): Promise<Answer> {
  const { bookmarks } = session;
  switch (maybeWord(args, 'action', ACTIONS) ?? 'list') {
    case 'add':
      return { bookmark: add(session, args) };
    case 'remove':
      bookmarks.remove(wholeNumber(args, 'id'));
      break;
    case 'goto': {
      const { icount } = bookmarks.find(wholeNumber(args, 'id'));
      return travel(session, { kind: 'goto', icount }, call);
    }
    default:
  }
  return { bookmarks: bookmarks.all() };
}

/** A bookmark of this moment, or of another icount. */
function add(session: Session, args: Arguments): Bookmark {
  const { stop } = session.target;
  const icount = maybeNumber(args, 'icount') ?? stop?.icount;
  if (icount === undefined) throw new DapError('notStopped', 'The program runs: pause it first.');
  const here = stop?.icount === icount;
  const { path, lineBase1 } = here ? stop.place : { path: '', lineBase1: 0 };
  const name = maybeText(args, 'name') ?? `icount ${icount}`;
  return session.bookmarks.add({ name, icount, lwp: here ? stop.lwp : 0, path, lineBase1 });
}

export const bookmarkRequests: Requests = {
  'rumpus/bookmark': { when: 'moves', handle: bookmark },
};
