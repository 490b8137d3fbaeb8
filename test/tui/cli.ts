/**
 * Running the built command in tests: `node bin/rumpus.mjs` in a folder of its own, as a user does.
 *
 * The folder holds a copy of test/tui/programs, so that paths in the output are the same on every
 * machine. `npm run build` (or `npm ci`) must have been run.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = resolve(root, 'bin/rumpus.mjs');
const cache = mkdtempSync(join(tmpdir(), 'rumpus-cache-'));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fresh folder called `work` with the test programs. */
export function workFolder(): string {
  if (!existsSync(resolve(root, 'dist/cli.js'))) throw new Error('run `npm run build` first');
  const folder = join(mkdtempSync(join(tmpdir(), 'rumpus-test-')), 'work');
  mkdirSync(folder);
  cpSync(resolve(root, 'test/tui/programs'), folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.txt')) renameSync(join(folder, name), join(folder, name.slice(0, -4)));
  }
  return folder;
}

/** Runs the command, with `input` on stdin. The environment has none of rump's knobs. */
export function rumpus(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: environment(env),
    input,
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** The words of a command line that runs the command. */
export const command = [process.execPath, bin];

/** Our environment with `more`, without rump's knobs. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(RUMP|NO_COLOR|FORCE_)/.test(name),
  );
  return { ...Object.fromEntries(clean), XDG_CACHE_HOME: cache, ...more };
}

/** The environment of another user, who has no notes of the files that our runs made. */
export function stranger(): Record<string, string> {
  return { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'rumpus-cache-')) };
}

/** Runs with --json; the whole of stdout must be one object. */
export function rumpusJson(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran & { readonly json: Record<string, unknown> } {
  const ran = rumpus(cwd, [...args, '--json'], env);
  return { ...ran, json: JSON.parse(ran.stdout) as Record<string, unknown> };
}
