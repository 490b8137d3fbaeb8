/**
 * Unpacking the sources that a recording brings, so that they compile to the same image.
 *
 * Portable paths begin with the package's name. Each package gets a folder of its own in one
 * node_modules, so that they find each other; what the file says about paths is checked here again,
 * because a path that leaves the folder would overwrite the user's files.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { RecordedSource, RecordingRead } from '../corefiles/index.ts';
import { InputError } from '../debugger/index.ts';

const SOURCES_MAX = 10_000;

/** Writes the program's own sources to a temporary folder, removed at exit; gives its entry. */
export function unpackSources(read: RecordingRead, program: string): string {
  const own = read.sources.filter(({ path }) => !path.startsWith('rumpus/kernel/'));
  if (own.length > SOURCES_MAX) throw new InputError(`too many sources: ${own.length}`);
  const entry = entryOf(own, program);
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const modules = join(folder, 'node_modules');
  for (const { path, text } of own) writeInside(modules, path, text);
  for (const name of new Set(own.map(({ path }) => packageName(path)))) {
    const first = own.find(({ path }) => packageName(path) === name)!.path;
    const manifest = {
      name,
      type: 'module',
      keywords: ['rumpus'],
      exports: { '.': `./${first.slice(name.length + 1)}`, './*': './*' },
    };
    writeInside(modules, `${name}/package.json`, JSON.stringify(manifest));
  }
  return join(modules, entry);
}

/** The source whose path ends as the program's does. */
function entryOf(sources: readonly RecordedSource[], program: string): string {
  const words = program.split('/');
  for (let from = 0; from < words.length; from++) {
    const end = words.slice(from).join('/');
    const found = sources.find(({ path }) => path.endsWith(`/${end}`));
    if (found !== undefined) return found.path;
  }
  throw new InputError(`the recording does not bring the source of ${program}`);
}

/** `@scope/name/src/a.ts` is of the package `@scope/name`. */
function packageName(path: string): string {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/');
}

function writeInside(folder: string, path: string, text: string): void {
  const file = resolve(folder, path);
  const inside = relative(folder, file);
  if (inside === '' || inside.startsWith('..') || resolve(folder, inside) !== file) {
    throw new InputError(`the recording brings a source with the path '${path}'`);
  }
  if (path.split(/[\\/]/).includes('..') || (sep === '/' && path.includes('\\'))) {
    throw new InputError(`the recording brings a source with the path '${path}'`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}
