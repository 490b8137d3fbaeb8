/**
 * Watching the files that a program is made of.
 *
 * Folders are watched rather than files, because editors replace a file; what counts is a file's
 * content, so that saving without a change is none.
 */

import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Packages } from '../../../tracer/index.ts';
import type { LoadedProgram } from '../../run/load.ts';

/** Changes that come this close together are one, ms: an editor saves several files. */
const DEBOUNCE_MS = 100;

/** The files on disk that a program was compiled from. */
export function filesOf(loaded: LoadedProgram): string[] {
  const { name, dir } = new Packages().of(loaded.file);
  const files = loaded.compiled.modules.map(({ path }) =>
    path.startsWith(`${name}/`)
      ? join(dir, path.slice(name.length + 1))
      : resolve(dir, 'node_modules', path),
  );
  return [...new Set([loaded.file, ...files])];
}

/** Tells when one of some files has another content. */
export class Watcher {
  readonly #watchers = new Map<string, FSWatcher>();
  #contents = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  readonly #changed: () => void;

  /** `changed` is called once for changes that come together. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these files from now on, as they are at this moment. */
  watch(files: readonly string[]): void {
    this.#contents = contentsOf(files);
    const folders = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) this.#open(folder);
  }

  #open(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, () => this.#look());
      // A folder that goes away has nothing more to tell.
      watcher.on('error', () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // A folder that is not there has no files that can change.
    }
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const now = contentsOf([...this.#contents.keys()]);
      const same = [...now].every(([file, hash]) => this.#contents.get(file) === hash);
      this.#contents = now;
      if (!same) this.#changed();
    }, DEBOUNCE_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}

/** File -> hash of its content; of one that cannot be read, ''. */
function contentsOf(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [file, contentOf(file)]));
}

function contentOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

export interface Round {
  /** From 1. */
  readonly number: number;
  readonly signal: AbortSignal;
  readonly watch: (files: readonly string[]) => void;
}

export interface RoundsOptions {
  /** Ends the rounds, and the one that is under way. */
  readonly signal: AbortSignal;
  /** One round, ended early when something changes. It says early which files are watched. */
  readonly round: (told: Round) => Promise<void>;
}

/** One round now, and one after each change, until it is told to end. */
export async function rounds({ signal, round }: RoundsOptions): Promise<void> {
  let current = new AbortController();
  let wake: () => void = () => {};
  let isDue = false;
  const watcher = new Watcher(() => {
    isDue = true;
    current.abort();
    wake();
  });
  const onEnd = () => {
    current.abort();
    wake();
  };
  signal.addEventListener('abort', onEnd);
  try {
    for (let number = 1; !signal.aborted; number++) {
      isDue = false;
      current = new AbortController();
      const watch = (files: readonly string[]) => watcher.watch(files);
      await round({ number, signal: current.signal, watch });
      if (isDue || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onEnd);
    watcher.close();
  }
}
