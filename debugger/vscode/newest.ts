/** The newest file of a kind in some folders: what a run has left. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Newest {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly mtime: number;
}

/** The newest file with this ending; undefined when there is none. Folders need not exist. */
export function newestFile(folders: readonly string[], suffix: string): Newest | undefined {
  const found = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => ({ file: join(folder, name), mtime: mtimeOf(join(folder, name)) })),
  );
  return found.reduce<Newest | undefined>(
    (best, next) => (best === undefined || next.mtime > best.mtime ? next : best),
    undefined,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It is made by the first run that fails.
    return [];
  }
}

function mtimeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
