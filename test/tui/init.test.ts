import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { root, rumpus, rumpusJson } from './cli.ts';

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rumpus-init-'));
}

/** A new project whose packages are links to this checkout's, as npm would install them. */
function linkedProject(): string {
  const folder = join(emptyFolder(), 'My Kernel');
  expect(rumpus(root, ['init', folder, '--no-install']).status).toBe(0);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'rumpus'), 'junction');
  for (const name of ['vitest', 'typescript']) {
    symlinkSync(resolve(root, 'node_modules', name), join(modules, name), 'junction');
  }
  return folder;
}

test('init writes program, component, test, package.json, tsconfig, .gitignore, README (issue 2)', () => {
  const folder = join(emptyFolder(), 'fresh');
  const { status, json } = rumpusJson(root, ['init', folder, '--no-install']);
  expect(status).toBe(0);
  expect((json['files'] as string[]).sort()).toEqual([
    '.gitignore',
    'README.md',
    'package.json',
    'src/careless.ts',
    'src/counter.ts',
    'src/race.ts',
    'test/counter.test.ts',
    'tsconfig.json',
    'vitest.config.ts',
  ]);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(manifest.name).toBe('fresh');
  expect(manifest.devDependencies.rumpus).toMatch(/^file:/);
});

test("the project's program, hunt and tests pass on the first run (issue 2)", () => {
  const folder = linkedProject();
  expect(rumpus(folder, ['run', 'src/race.ts', '--ncpu', '2'])).toMatchObject({ status: 0 });
  expect(rumpus(folder, ['hunt', 'src/race.ts', '--schedules', '200']).status).toBe(0);
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  const output = execFileSync(process.execPath, [vitest, 'run'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...Object.fromEntries(env), NO_COLOR: '1' },
  });
  expect(output).toMatch(/5 passed/);
});

test('the hunt that its README proposes finds the lost update', () => {
  const folder = linkedProject();
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('hunt src/careless.ts');
  const { status, json } = rumpusJson(folder, ['hunt', 'src/careless.ts', '--schedules', '500']);
  expect(status).toBe(1);
  expect(json).toMatchObject({ verdict: 'kassert', message: 'an update was lost' });
});

test('a folder that is not empty is refused and left as it was', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  const { status, stderr } = rumpus(root, ['init', folder, '--no-install']);
  expect(status).toBe(2);
  expect(stderr).toContain('is not empty');
  expect(readdirSync(folder)).toEqual(['mine.txt']);
});
