/**
 * Files of this machine that are the sources of an image.
 *
 *   const files = new SourceFiles(sources, [programFile]);
 *   files.fileOf('rumpus/kernel/kern/kern_mutex.ts')    '/home/…/kernel/kern/kern_mutex.ts'
 *   files.pathOf('/home/…/race.ts')                     'my-tests/race.ts'
 *
 * A file counts only if its text is the very text that the image was made from: otherwise lines
 * would not fit, and the client is shown the embedded text instead.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { RecordedSource } from '../../corefiles/index.ts';
import { Packages } from '../../tracer/index.ts';
import { packageFile } from '../run/load.ts';

export class SourceFiles {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #near: readonly string[];
  readonly #packages = new Packages();
  readonly #files = new Map<string, string>();
  #folders: ReadonlyMap<string, readonly string[]> | undefined;

  /** `near`: files whose packages may be those of the sources; the current folder's always is. */
  constructor(sources: readonly RecordedSource[], near: readonly string[]) {
    this.#texts = new Map(sources.map(({ path, text }) => [path, text]));
    this.#near = near;
  }

  /** Portable paths of all sources. */
  paths(): string[] {
    return [...this.#texts.keys()];
  }

  /** The embedded text; undefined when there is no such source. `path` may be absolute. */
  text(path: string): string | undefined {
    return this.#texts.get(this.pathOf(path));
  }

  /** The absolute file with the very text of a source; '' when there is none. */
  fileOf(path: string): string {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = this.#find(path);
      this.#files.set(path, file);
    }
    return file;
  }

  /** A source's portable path, whether an absolute file is given or that path itself. */
  pathOf(pathOrFile: string): string {
    if (this.#texts.has(pathOrFile) || !isAbsolute(pathOrFile)) return pathOrFile;
    return this.#packages.portable(pathOrFile);
  }

  #find(path: string): string {
    const text = this.#texts.get(path);
    const slash = path.indexOf('/');
    if (text === undefined || slash <= 0 || path.split('/').includes('..')) return '';
    const folders = this.#packageFolders().get(path.slice(0, slash)) ?? [];
    const candidates = folders.map((folder) => resolve(folder, path.slice(slash + 1)));
    return candidates.find((file) => isText(file, text)) ?? '';
  }

  /** Folders of packages by their names: a portable path begins with one. */
  #packageFolders(): ReadonlyMap<string, readonly string[]> {
    if (this.#folders !== undefined) return this.#folders;
    const folders = new Map<string, string[]>([['rumpus', [dirname(packageFile('package.json'))]]]);
    for (const file of [...this.#near, resolve('package.json')]) {
      const { name, dir } = this.#packages.of(resolve(file));
      const known = folders.get(name);
      if (known === undefined) folders.set(name, [dir]);
      else if (!known.includes(dir)) known.push(dir);
    }
    this.#folders = folders;
    return folders;
  }
}

function isText(file: string, text: string): boolean {
  try {
    return existsSync(file) && readFileSync(file, 'utf8') === text;
  } catch {
    // A folder of that name, or a file that may not be read: it is not the source.
    return false;
  }
}
