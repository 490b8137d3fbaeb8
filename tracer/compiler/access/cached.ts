/**
 * Patched texts on disk, in the user's cache folder: the parser takes longer than the run.
 *
 *   <hash of text, names and versions>.patched   a checksum on the first line, then Edited as JSON
 *
 * Anything unreadable is a miss, and a folder that cannot be written is no cache.
 */

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir } from '../cache.ts';
import { COMPILER_VERSION } from '../identity.ts';
import type { Watchable } from './context.ts';
import type { Edited } from './edits.ts';
import { type Generated, patchAccesses } from './patch.ts';

/** Texts of another version are compiled again. */
const ACCESS_VERSION = 2;
/** Texts that are kept; each is as long as the kernel. */
const MAX_FILES = 60;
const SUFFIX = '.patched';

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** patchAccesses(), from the cache if it was made before. */
export function patchedText(generated: Generated, watchable: Watchable): Edited {
  const folder = defaultCacheDir(process.env, process.platform);
  const { fields, elements } = watchable;
  const key = JSON.stringify([ACCESS_VERSION, COMPILER_VERSION, generated.of, fields, elements]);
  const file = join(folder, `${sha(key + generated.code)}${SUFFIX}`);
  const isOff = process.env['RUMPUS_CACHE'] === 'off';
  const known = isOff ? undefined : read(file);
  if (known !== undefined) return known;
  const made = patchAccesses(generated, watchable);
  if (!isOff) write(folder, file, made);
  return made;
}

function read(file: string): Edited | undefined {
  try {
    const content = readFileSync(file, 'utf8');
    const end = content.indexOf('\n');
    const text = content.slice(end + 1);
    return content.slice(0, end) === sha(text) ? (JSON.parse(text) as Edited) : undefined;
  } catch {
    // Not there: it is made.
    return undefined;
  }
}

/** The older half goes when there are too many. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => join(folder, name));
  if (files.length < MAX_FILES) return;
  const dated = files.map((file) => ({ file, mtimeMs: statSync(file).mtimeMs }));
  dated.sort((a, b) => a.mtimeMs - b.mtimeMs);
  for (const { file } of dated.slice(0, MAX_FILES / 2)) rmSync(file, { force: true });
}

function write(folder: string, file: string, made: Edited): void {
  try {
    mkdirSync(folder, { recursive: true });
    prune(folder);
    const text = JSON.stringify(made);
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, `${sha(text)}\n${text}`);
    renameSync(temporary, file);
  } catch {
    // An unwritable folder is no cache.
  }
}
