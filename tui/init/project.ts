/**
 * The files of a new project, from tui/init/template/: each with `.txt` behind its name, so that
 * neither npm nor a compiler takes them for their own.
 */

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { InputError, packageFile } from '../../debugger/index.ts';
import { makeFolder } from '../../debugger/index.ts';

const SUFFIX = '.txt';
/** Names that npm or git want otherwise in a published package. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

export interface ProjectWords {
  readonly name: string;
  /** What package.json says of rumpus: a version or `file:…`. */
  readonly rumpus: string;
}

/** Throws InputError unless `dir` is a place where nothing can be overwritten. */
export function checkFolder(dir: string): void {
  if (!existsSync(dir)) return;
  if (!statSync(dir).isDirectory()) throw new InputError(`${dir} is a file`);
  if (readdirSync(dir).length > 0) {
    throw new InputError(`${dir} is not empty; init writes to a new or empty folder only`);
  }
}

/** A name that package.json may have, made from the folder's. */
export function projectName(dir: string): string {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' || name === 'rumpus' || name === 'node_modules' ? 'kernel-tests' : name;
}

/** Writes the project; gives the files' paths, relative to it. */
export function writeProject(dir: string, words: ProjectWords): string[] {
  const template = packageFile('tui/init/template');
  return filesBelow(template).map((file) => {
    const path = relative(template, file).slice(0, -SUFFIX.length).replaceAll('\\', '/');
    const text = readFileSync(file, 'utf8')
      .replaceAll('__NAME__', words.name)
      .replaceAll('__RUMPUS__', words.rumpus.replaceAll('\\', '/'));
    const target = RENAMED[path] ?? path;
    makeFolder(dirname(join(dir, target)));
    writeFileSync(join(dir, target), text, { flag: 'wx' });
    return target;
  });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(SUFFIX) ? [path] : [];
  });
}
