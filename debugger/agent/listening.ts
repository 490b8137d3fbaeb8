/**
 * Processes of this user that a debugger may attach to: by their ports the secret of the inspector's
 * address and the program, each in a note that only this user can read, in the cache folder.
 *
 *   ~/.cache/rumpus/inspected/9230.json    {"secret":"5f2c…","program":"/home/…/race.ts","pid":812}
 *
 * A note is there while its process listens. One that a killed process left is told by nobody
 * listening any more, and goes when the next process writes its own.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';

export interface Listening {
  readonly secret: string;
  /** Absolute file. */
  readonly program: string;
  readonly pid: number;
}

const SECRET = /^[0-9a-f]{32}$/;

function folder(): string {
  return join(defaultCacheDir(process.env, process.platform), 'inspected');
}

function noteOf(port: number): string {
  return join(folder(), `${port}.json`);
}

/** Errors: InputError; without the note nobody could attach. */
export function noteListening(port: number, listening: Listening): void {
  const file = noteOf(port);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    removeStale();
    // One that is there already keeps its mode, and may be a link.
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify(listening), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new InputError(`the note for debuggers cannot be written: ${(error as Error).message}`);
  }
}

/** Removes the notes of processes that are gone. */
function removeStale(): void {
  for (const name of readdirSync(folder())) {
    const known = listeningAt(Number.parseInt(name, 10));
    if (known !== undefined && !isThere(known.pid)) rmSync(join(folder(), name), { force: true });
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Who listens at a port; undefined when none of this user's processes is known to. */
export function listeningAt(port: number): Listening | undefined {
  try {
    const note = JSON.parse(readFileSync(noteOf(port), 'utf8')) as Partial<Listening> | null;
    const { secret, program, pid } = note ?? {};
    if (typeof secret !== 'string' || !SECRET.test(secret)) return undefined;
    if (typeof program !== 'string' || typeof pid !== 'number') return undefined;
    return { secret, program, pid };
  } catch {
    // No note, or no note of ours: nobody is known to listen.
    return undefined;
  }
}

/** That one does not listen any more; another process may, at the same port. */
export function forgetListening(port: number, secret: string): void {
  if (listeningAt(port)?.secret === secret) rmSync(noteOf(port), { force: true });
}
