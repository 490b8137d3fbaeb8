/**
 * Processes of this user that a debugger may attach to: port → the secret of the inspector's
 * address, each in a note that only this user can read, in the cache folder.
 *
 *   ~/.cache/rumpus/inspected/9230.json    {"secret":"5f2c…"}
 *
 * A note is there while its process listens; one that a killed process left is told by nobody
 * listening any more.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';

const SECRET = /^[0-9a-f]{32}$/;

function folder(): string {
  return join(defaultCacheDir(process.env, process.platform), 'inspected');
}

function noteOf(port: number): string {
  return join(folder(), `${port}.json`);
}

/** Errors: InputError; without the note nobody could attach. */
export function noteListening(port: number, secret: string): void {
  const file = noteOf(port);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    // One that is there already keeps its mode, and may be a link.
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify({ secret }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new InputError(`the note for debuggers cannot be written: ${(error as Error).message}`);
  }
}

/** The secret of who listens at a port; undefined when none of this user's processes is known to. */
export function secretOf(port: number): string | undefined {
  try {
    const note = JSON.parse(readFileSync(noteOf(port), 'utf8')) as { secret?: unknown } | null;
    const secret = note?.secret;
    return typeof secret === 'string' && SECRET.test(secret) ? secret : undefined;
  } catch {
    // No note, or no note of ours: nobody is known to listen.
    return undefined;
  }
}

/** Nobody listens at that port any more, or another process does. */
export function forgetListening(port: number, secret: string): void {
  if (secretOf(port) === secret) rmSync(noteOf(port), { force: true });
}
