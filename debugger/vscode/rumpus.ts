/**
 * Which rumpus runs: the workspace's own where it has one, so that kernel and adapter fit the
 * programs; else the one that a setting names, the one in whose repository the extension is, or
 * the one on the PATH.
 */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** Where to look. */
export interface Places {
  /** File or folder that is worked on; '' when none is. */
  readonly near: string;
  readonly folders: readonly string[];
  /** Setting `rumpus.path`. */
  readonly setting: string;
  /** Folder of the extension. */
  readonly extension: string;
  /** PATH. */
  readonly path: string;
}

const BIN = join('bin', 'rumpus.mjs');

/** Absolute path of a `bin/rumpus.mjs`, or undefined when there is none. */
export function findRumpus(places: Places): string | undefined {
  for (const start of [places.near, ...places.folders]) {
    const found = start === '' ? undefined : upwards(start);
    if (found !== undefined) return found;
  }
  if (places.setting !== '') return settingsRumpus(places.setting);
  return packageAt(join(places.extension, '..', '..')) ?? onPath(places.path);
}

/** In the folder or one above it: installed, or the repository itself. */
function upwards(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const installed = join(folder, 'node_modules', 'rumpus', BIN);
    if (existsSync(installed)) return installed;
    const own = packageAt(folder);
    if (own !== undefined) return own;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A folder that is the package itself. */
function packageAt(folder: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    const { name, bin } = manifest as { name?: unknown; bin?: unknown };
    if (name !== 'rumpus' || bin === undefined) return undefined;
    return existsSync(join(folder, BIN)) ? join(folder, BIN) : undefined;
  } catch {
    // No manifest there, or none that can be read: it is not the package.
    return undefined;
  }
}

function settingsRumpus(setting: string): string | undefined {
  if (setting.endsWith('.mjs')) return existsSync(setting) ? setting : undefined;
  return packageAt(setting);
}

/** Installed globally: npm puts a link into a folder of the PATH, and on Windows a package. */
function onPath(path: string): string | undefined {
  for (const folder of path.split(delimiter).filter((name) => name !== '')) {
    const beside = join(folder, 'node_modules', 'rumpus', BIN);
    if (existsSync(beside)) return beside;
    const link = join(folder, 'rumpus');
    if (!existsSync(link)) continue;
    const real = realpathSync(link);
    if (real.endsWith('rumpus.mjs')) return real;
  }
  return undefined;
}

/**
 * The absolute file of a command, or undefined when there is none. VS Code would run an adapter
 * whose command is plainly `node` in its own process' Node, whichever that is.
 */
export function findCommand(name: string, path: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((one) => join(folder, one))).find(existsSync);
}
