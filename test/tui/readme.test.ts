import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../tui/commands/index.ts';
import { root, rumpus } from './cli.ts';
import { checkPictures } from './pictures.ts';

const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
test('the pictures in README.md and STORY.md are what the commands print', {
  timeout: 120_000,
}, () => {
  expect(checkPictures('README.md')).toBeGreaterThan(4);
  expect(checkPictures('STORY.md')).toBeGreaterThan(6);
});

test('every command that README.md names exists, and the program in it compiles and passes', () => {
  const named = [...readme.matchAll(/npx rumpus (\w+)/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(8);
  for (const name of named) expect(COMMANDS.map((command) => command.name)).toContain(name);
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-readme-'));
  writeFileSync(join(folder, 'program.ts'), program);
  expect(rumpus(folder, ['run', 'program.ts'])).toMatchObject({ status: 0, stderr: '' });
});

test('the scripts that README.md starts with are there', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  expect(scripts).toMatchObject({ start: 'node bin/rumpus.mjs tour', test: expect.any(String) });
});
