import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../tui/commands/index.ts';
import { needs } from '../skip.ts';
import { root, rumpus, workFolder } from './cli.ts';

const cwd = workFolder();

test('--help lists every command, --version is that of package.json', () => {
  const { status, stdout } = rumpus(cwd, ['--help']);
  expect(status).toBe(0);
  for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  expect(rumpus(cwd, ['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
});

test('rumpus alone shows its help and exits with 2', () => {
  const { status, stderr } = rumpus(cwd, []);
  expect(status).toBe(2);
  expect(stderr).toContain('Usage: rumpus');
});

for (const { name } of COMMANDS) {
  test(`rumpus ${name} --help shows its options, with examples (DESIGN.md, tui)`, () => {
    const { status, stdout, stderr } = rumpus(cwd, [name, '--help']);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: rumpus ${name}`);
    expect(stdout).toMatch(/Examples:\n {2}\S.*\n {4}\$ rumpus /);
  });
}

const shell = needs('posix shell', 'run the tests on Linux or macOS', process.platform !== 'win32');

shell.test('a reader that goes away is no error', () => {
  const bin = resolve(root, 'bin/rumpus.mjs');
  const line = `"${process.execPath}" "${bin}" trace works.ts 2>&1 | head -n 1`;
  expect(execSync(line, { cwd, encoding: 'utf8' })).toMatch(/icount/);
});
