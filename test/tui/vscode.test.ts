import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseLink } from '../../debugger/index.ts';
import { needs } from '../skip.ts';
import { root, rumpus, workFolder } from './cli.ts';

const cwd = workFolder();
const posix = needs('posix shell', 'run the tests on Linux or macOS', process.platform !== 'win32');

/** A folder with a command `name` that notes its arguments and ends with `status`. */
function editor(name: string, status: number): string {
  const folder = join(cwd, `bin-${name}-${status}`);
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\necho "$@" > "${folder}/said"\necho no room >&2\nexit ${status}\n`;
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

posix.test(
  'rumpus vscode installs the extension of the package with the editor on the PATH',
  () => {
    const PATH = `${editor('codium', 0)}:/nowhere`;
    const { status, stdout } = rumpus(cwd, ['vscode'], { PATH });
    expect(stdout).toMatch(/^installed the extension \d+\.\d+\.\d+ into codium\n/);
    expect(status).toBe(0);
    const said = readFileSync(join(cwd, 'bin-codium-0/said'), 'utf8');
    expect(said).toBe(`--install-extension ${resolve(root, 'dist/rumpus.vsix')} --force\n`);
  },
);

posix.test('an editor that is named is used, whatever is on the PATH', () => {
  const named = join(editor('mine', 0), 'mine');
  const { stdout } = rumpus(cwd, ['vscode', '--editor', named, '--json'], {
    PATH: `${editor('code', 0)}:${process.env['PATH']}`,
  });
  expect(JSON.parse(stdout)).toMatchObject({ editor: named });
});

test('without an editor it says what to do, with the file to choose', () => {
  const { status, stderr } = rumpus(cwd, ['vscode'], { PATH: '/nowhere' });
  expect(stderr).toContain('Install from VSIX');
  expect(stderr).toContain(resolve(root, 'dist/rumpus.vsix'));
  expect(status).toBe(2);
});

posix.test('what the editor says when it fails is passed on', () => {
  const { status, stderr } = rumpus(cwd, ['vscode'], { PATH: `${editor('code', 3)}:/nowhere` });
  expect(stderr).toMatch(/code did not install .*no room/);
  expect(status).toBe(2);
});

const script = needs('script', 'apt-get install bsdutils');

/** Runs the command on a terminal. */
function onTerminal(line: string): string {
  const bin = resolve(root, 'bin/rumpus.mjs');
  const command = `"${process.execPath}" "${bin}" ${line}; true`;
  return execFileSync('script', ['-qec', command, '/dev/null'], { cwd, encoding: 'utf8' });
}

script.test('on a terminal, the core of a failure has a link that opens it in VS Code', () => {
  const printed = onTerminal('run kassert.ts');
  const link = /\]8;;(vscode:\P{Cc}*)/u.exec(printed)?.[1] ?? '';
  const { pathname, search } = new URL(link);
  const file = join(cwd, '.rumpus/kassert-kassert-1.core');
  expect(parseLink(pathname, search)).toEqual({ kind: 'core', file, icount: undefined });
});

script.test('a moment of a replay has a link to that moment', () => {
  rumpus(cwd, ['run', 'works.ts', '--record', 'ok.rumpus']);
  const printed = onTerminal('replay ok.rumpus --to 200');
  expect(printed).toMatch(/vscode:\/\/rumpus\.rumpus\/open\?recording=\S+ok\.rumpus&icount=200/);
});

test('in a pipe there is no link: its path is of one machine', () => {
  expect(rumpus(cwd, ['run', 'kassert.ts']).stdout).not.toContain('vscode:');
});
