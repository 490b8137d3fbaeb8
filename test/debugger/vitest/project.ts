/** A user's project with kernel tests that fail, and the cores that they leave. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root, rumpus } from '../../tui/cli.ts';

/** How rumpus is in the project: as npm installs it, or as a link to the repository. */
export type Packaged = 'installed' | 'linked';

export interface Project {
  readonly folder: string;
  /** Writes a test file, and gives the core of the first of its tests that fails. */
  coreOf(name: string, text: string): string;
}

export function makeProject(packaged: Packaged): Project {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'rumpus-back-'))), 'kernel-tests');
  const { status, stderr } = rumpus(root, ['init', folder, '--no-install']);
  if (status !== 0) throw new Error(stderr);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(resolve(root, 'node_modules/vitest'), join(modules, 'vitest'), 'junction');
  if (packaged === 'linked') symlinkSync(root, join(modules, 'rumpus'), 'junction');
  else install(join(modules, 'rumpus'));
  return { folder, coreOf: (name, text) => coreOf(folder, name, text) };
}

function install(into: string): void {
  mkdirSync(into);
  for (const part of ['dist', 'bin', 'package.json']) {
    cpSync(resolve(root, part), join(into, part), { recursive: true });
  }
  symlinkSync(resolve(root, 'node_modules'), join(into, 'node_modules'), 'junction');
}

function coreOf(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, 'test', name), text);
  const env = Object.entries(process.env).filter(([key]) => !key.startsWith('VITEST'));
  const words = [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', `test/${name}`];
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    env: { ...Object.fromEntries(env), NO_COLOR: '1' },
    encoding: 'utf8',
  });
  const core = /^ +core +(\S+)$/m.exec(stdout + stderr)?.[1];
  if (core === undefined) throw new Error(`no core was left: ${stdout}${stderr}`);
  return join(folder, core);
}
