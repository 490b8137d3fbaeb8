/** Saving a core of this moment, or the recording of what has been run so far. */

import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '../folder.ts';
import { type Arguments, maybeText } from './args.ts';
import type { Answer, RequestEntry, Requests, Session } from './session.ts';

/** Folder of what is saved under no name of the user's, in the folder of the session. */
const OUT_DIR = '.rumpus';

/** A name that nothing has yet: `.rumpus/race-debug.rumpus`, `.rumpus/race-debug-2.rumpus`… */
export function freeName(session: Session, suffix: string): string {
  const program = basename(session.anyTarget?.program ?? '').replace(/\.[cm]?[jt]s$/, '') || 'run';
  const folder = join(session.configuration?.cwd ?? '.', OUT_DIR);
  for (let count = 1; ; count++) {
    const name = `${program}-debug${count === 1 ? '' : `-${count}`}${suffix}`;
    const file = join(folder, name);
    if (!existsSync(file)) return file;
  }
}

/** The file that a request names, or a free one; its folder is made. */
function fileOf(session: Session, args: Arguments, suffix: string): string {
  const named = maybeText(args, 'file');
  const base = session.configuration?.cwd ?? '.';
  const file =
    named === undefined || named === '' ? freeName(session, suffix) : resolve(base, named);
  makeFolder(dirname(resolve(file)));
  return file;
}

function saving(suffix: string, save: (session: Session, file: string) => Promise<void>) {
  const entry: RequestEntry = {
    when: 'alone',
    handle: async (session, args): Promise<Answer> => {
      const file = fileOf(session, args, suffix);
      await save(session, file);
      return { file };
    },
  };
  return entry;
}

export const saveRequests: Requests = {
  'rumpus/saveCore': saving('.core', ({ target }, file) => target.saveCore(file)),
  'rumpus/saveRecording': saving('.rumpus', ({ target }, file) => target.saveRecording(file)),
};
