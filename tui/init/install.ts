/**
 * Installing a new project: with npm, and where npm cannot (no network), by links to the packages
 * that this rumpus itself runs with.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../debugger/index.ts';
import { packageRoot } from './source.ts';

/** What a project needs to run its tests. */
const NEEDED = ['rumpus', 'vitest', 'typescript'];
const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** Installs; gives how. Throws InputError when there is no way. */
export function installProject(dir: string): string {
  const npm = spawnSync('npm', INSTALL, {
    cwd: dir,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status === 0) return 'npm install';
  const said = (npm.stderr ?? npm.error?.message ?? '').trim().split('\n').slice(-1)[0];
  if (linkPackages(dir)) return 'links to the packages that rumpus runs with, since npm failed';
  throw new InputError(
    `npm install failed in ${dir} (${said}); the files are written, run it there`,
  );
}

/** Links what rumpus was installed beside. True when everything needed was found. */
function linkPackages(dir: string): boolean {
  const found = new Map<string, string>();
  for (const name of NEEDED) {
    const folder = name === 'rumpus' ? packageRoot() : findPackage(name);
    if (folder !== undefined) found.set(name, folder);
  }
  if (!found.has('vitest')) return false;
  const modules = resolve(dir, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const [name, folder] of found) symlinkSync(folder, join(modules, name), 'junction');
  if (process.platform === 'win32') return true;
  symlinkSync('../rumpus/bin/rumpus.mjs', join(modules, '.bin', 'rumpus'));
  symlinkSync('../vitest/vitest.mjs', join(modules, '.bin', 'vitest'));
  if (found.has('typescript')) symlinkSync('../typescript/bin/tsc', join(modules, '.bin', 'tsc'));
  return true;
}

/** The folder of a package that rumpus' own folder can see. */
function findPackage(name: string): string | undefined {
  for (let folder = packageRoot(); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
