/**
 * The package as users get it: packed from a copy of the working tree, so that nothing of ours is
 * built over while other tests use it.
 */

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const LEFT_OUT = /^(node_modules|dist.*|types|\.git|\.rumpus|coverage)$/;
const INSTALL = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** A new folder outside of the repository. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'rumpus-package-')));
}

/** Runs a command and gives what it said; its variables of this test run are taken away. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
): SpawnSyncReturns<string> {
  const own = (name: string) => /^(VITEST|RUMP|NODE_ENV|FORCE_COLOR|npm_)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !own(name));
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1', CI: '1' };
  const shell = process.platform === 'win32';
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', shell, timeout: 120_000 });
}

/** The same, which must succeed; gives its standard output. */
export function succeed(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(cwd, command, args);
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
}

/** Whether npm can get packages. */
export function registryAnswers(): boolean {
  return run(ROOT, 'npm', ['ping', '--fetch-timeout=10000', '--fetch-retries=0']).status === 0;
}

export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
  readonly sizeBytes: number;
}

/** Builds and packs a copy of the tree with the package's own scripts. */
export function pack(folder: string): Packed {
  const copy = join(folder, 'copy');
  for (const name of readdirSync(ROOT)) {
    if (!LEFT_OUT.test(name)) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const stdout = succeed(copy, 'npm', 'pack', '--json', '--pack-destination', folder);
  // The scripts' own output stands before the JSON.
  const [{ filename, files, size }] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as {
    filename: string;
    files: { path: string }[];
    size: number;
  }[];
  return {
    tarball: join(folder, filename),
    files: files.map(({ path }) => path),
    sizeBytes: size,
  };
}

/** A new folder with the package installed, and no install script run. */
export function consumer(folder: string, tarball: string): string {
  const dir = join(folder, 'consumer');
  mkdirSync(dir);
  write(dir, 'package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  succeed(dir, 'npm', 'install', ...INSTALL, tarball);
  return dir;
}

/** Writes a file of a project. */
export function write(dir: string, name: string, text: string): void {
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  writeFileSync(join(dir, name), text);
}
