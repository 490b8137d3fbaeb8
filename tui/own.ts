/**
 * The files that this user's own runs made on this machine, and the programs they are of.
 *
 * A recording holds no absolute path, so a run of a program outside the current folder could not be
 * replayed without being told where it is; and files of one's own need no --trust. Both are known
 * from a note in the user's cache folder, named by the file's content: a copied or renamed file is
 * still one's own, an altered one is not.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir } from '../tracer/index.ts';

/** Notes kept; the oldest go first. */
const NOTES_MAX = 1000;

function notesFolder(): string | undefined {
  if (process.env['RUMPUS_CACHE'] === 'off') return undefined;
  return join(defaultCacheDir(process.env, process.platform), 'runs');
}

function noteName(file: string): string {
  return `${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 40)}.json`;
}

/** Notes that `file` was made by a run of `program` (absolute). A full disk is no failure. */
export function rememberOwn(file: string, program: string): void {
  const folder = notesFolder();
  if (folder === undefined) return;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, noteName(file)), JSON.stringify({ program }), { mode: 0o600 });
    prune(folder);
  } catch {
    // Without a note the user is asked for --program or --trust, which always works.
  }
}

function prune(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= NOTES_MAX) return;
  const aged = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
  aged.sort((a, b) => a.at - b.at);
  for (const { name } of aged.slice(0, names.length - NOTES_MAX)) rmSync(join(folder, name));
}

/** The program of a file that an own run made; undefined for a file from elsewhere. */
export function ownProgram(file: string): string | undefined {
  const folder = notesFolder();
  if (folder === undefined) return undefined;
  try {
    const note = JSON.parse(readFileSync(join(folder, noteName(file)), 'utf8')) as unknown;
    const { program } = note as { program?: unknown };
    return typeof program === 'string' ? program : undefined;
  } catch {
    return undefined;
  }
}
