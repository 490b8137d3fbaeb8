import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../tui/commands/index.ts';
import { root, rumpus } from './cli.ts';

const file = resolve(root, 'README.md');
const readme = readFileSync(file, 'utf8');
const PICTURE = /(<!-- picture.*-->\n```console\n)([\s\S]*?)(```\n<!-- end of picture -->)/;
const COMMAND = 'npx rumpus hunt test/gallery/kern-36681/buggy.ts --ncpu 2';

/**
 * Counts, digests, lines and inner functions of the kernel change with the kernel; what is said
 * does not. Of the stacks, the frames of the gallery's own code and of the system calls stay.
 */
function withoutNumbers(text: string): string {
  return text
    .replace(/^ {6}(?!oldRename|sys_).*\n/gm, '')
    .replace(/\b[0-9a-f]{32}\b/g, '#')
    .replace(/[\d.,]*\d/g, '#')
    .replace(/# (ns|µs|ms)/g, '#');
}

test('the picture in README.md is what the command prints', () => {
  const out = mkdtempSync(join(tmpdir(), 'rumpus-readme-'));
  const [, , ...args] = COMMAND.split(' ');
  const { stdout } = rumpus(root, [...args, '--out', out]);
  const shown = stdout.replace(/(?:\.\.\/)*\S*rumpus-readme-\w+/g, '.rumpus');
  const picture = `$ ${COMMAND}\n${shown}`;
  if (process.env['UPDATE'] === '1') {
    writeFileSync(
      file,
      readme.replace(PICTURE, (_all, start, _old, end) => start + picture + end),
    );
    return;
  }
  expect(withoutNumbers(PICTURE.exec(readme)?.[2] ?? '')).toBe(withoutNumbers(picture));
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
