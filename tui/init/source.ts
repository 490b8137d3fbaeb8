/**
 * Where the running rumpus was installed from, so that a new project gets the same one: the
 * registry's version, or the packed tarball or folder that it came from.
 */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { packageFile, packageVersion } from '../../debugger/index.ts';

interface Lockfile {
  packages?: Record<string, { resolved?: string; version?: string; link?: boolean } | undefined>;
}

/** The folder of the running package. */
export function packageRoot(): string {
  return dirname(packageFile('package.json'));
}

/** What the package.json of a project in `dir` should say of rumpus. */
export function rumpusDependency(dir: string): string {
  const root = realpathSync(packageRoot());
  if (basename(dirname(root)) !== 'node_modules') return fileSpec(dir, root);
  const home = dirname(dirname(root));
  const from = installedFrom(home);
  if (from === undefined) return `^${packageVersion()}`;
  const source = resolve(home, from);
  return fileSpec(dir, existsSync(source) ? source : root);
}

/** The `file:` that npm noted for rumpus, as a path; undefined when it is from the registry. */
function installedFrom(home: string): string | undefined {
  const locked =
    lockedRumpus(join(home, 'node_modules', '.package-lock.json')) ??
    lockedRumpus(join(home, 'package-lock.json'));
  const resolved = locked ?? dependencyIn(join(home, 'package.json'));
  return resolved?.startsWith('file:') ? resolved.slice('file:'.length) : undefined;
}

function lockedRumpus(file: string): string | undefined {
  const lock = readJson(file) as Lockfile | undefined;
  return lock?.packages?.['node_modules/rumpus']?.resolved;
}

function dependencyIn(file: string): string | undefined {
  const manifest = readJson(file) as Record<string, Record<string, string> | undefined> | undefined;
  return manifest?.['devDependencies']?.['rumpus'] ?? manifest?.['dependencies']?.['rumpus'];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or not written by npm: other places are asked.
    return undefined;
  }
}

function fileSpec(dir: string, source: string): string {
  const path = relative(resolve(dir), source).replaceAll('\\', '/');
  return `file:${path}`;
}
