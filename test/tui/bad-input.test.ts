import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { needs } from '../skip.ts';
import { rumpus, workFolder } from './cli.ts';

const cwd = workFolder();
mkdirSync(join(cwd, 'folder'));
writeFileSync(join(cwd, 'noise.rumpus'), 'this is no recording');
writeFileSync(join(cwd, 'empty.core'), '');

/** Command lines that are wrong, with what the sentence must say. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  ['run', /missing required argument 'program'/],
  ['run gone.ts', /there is no file gone\.ts/],
  ['run folder', /folder is a folder/],
  ['run not-a-program.ts', /not-a-program\.ts is not a program/],
  ['run hello.ts --ncpu 0', /--ncpu must be a whole number from 1 to 64, not '0'/],
  ['run hello.ts --ncpu 65', /--ncpu must be a whole number from 1 to 64, not '65'/],
  ['run hello.ts --ncpu two', /--ncpu .* not 'two'/],
  ['run hello.ts --seed -1', /--seed must be a whole number/],
  ['run hello.ts --seed 1.5', /--seed must be a whole number/],
  ['run hello.ts --strategy best', /--strategy must be auto or surw .* not 'best'/],
  ['run hello.ts --grain coarse', /--grain must be sync or access or statement/],
  ['run hello.ts --memlimit lots', /--memlimit must be a size/],
  ['run hello.ts --frobnicate', /unknown option '--frobnicate'/],
  ['frobnicate', /unknown command 'frobnicate'/],
  ['rn hello.ts', /unknown command 'rn'/],
  ['hunt hello.ts --schedules 0', /--schedules must be a whole number/],
  ['hunt hello.ts --workers 0', /--workers must be a whole number/],
  ['replay gone.core', /gone\.core/],
  ['replay noise.rumpus', /noise\.rumpus/],
  ['replay empty.core', /empty\.core/],
  ['replay hello.ts', /hello\.ts is a program/],
  ['trace hello.ts --kind nonsense', /there are no events of kind 'nonsense'/],
  ['trace noise.rumpus --saved', /noise\.rumpus/],
  ['profile gone.ts', /there is no file gone\.ts/],
  ['why gone.ts', /there is no file gone\.ts/],
  ['why hello.ts --nth 3', /there are only 0 failed calls, not 3/],
  ['init folder/../abba.ts', /is a file/],
  ['init .', /is not empty/],
];

for (const [line, sentence] of WRONG) {
  test(`\`rumpus ${line}\` is a sentence on stderr and exit 2 (issue 2, Bad input)`, () => {
    const { status, stdout, stderr } = rumpus(cwd, line.split(' '));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('internal error');
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
}

test('a syntax error shows its position in TypeScript with a caret (issue 2, Bad input)', () => {
  const { status, stderr } = rumpus(cwd, ['run', 'syntax.ts']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^work\/syntax\.ts:4:13: /);
  expect(stderr).toContain('4 |   const x = = 3;');
  expect(stderr.split('\n')[2].indexOf('^')).toBe(stderr.split('\n')[1].indexOf('= 3'));
});

test('code that breaks the rules of the kernel is refused at its line (issue 2)', () => {
  const { status, stderr } = rumpus(cwd, ['run', 'awaits.ts']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/work\/awaits\.ts:\d+:\d+: .*yield\*/);
});

test('an unknown system call and a wrong type are verdicts, exit 1 (issue 2, Bad input)', () => {
  const unknown = rumpus(cwd, ['run', 'unknown-call.ts']);
  expect(unknown.status).toBe(1);
  expect(unknown.stdout).toMatch(/program-error: .*frobnicate/);
  const wrong = rumpus(cwd, ['run', 'wrong-type.ts']);
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toMatch(
    /program-error: TypeError: sys\.close\(\): argument 1 must be a number/,
  );
});

test('a bit that flipped in a core is a warning or a sentence, never a crash', () => {
  rumpus(cwd, ['run', 'kassert.ts']);
  const core = readFileSync(join(cwd, '.rumpus/kassert-kassert-1.core'));
  for (let i = 0; i < 12; i++) {
    const bytes = Buffer.from(core);
    bytes[Math.floor((bytes.length / 12) * i)] ^= 1 << (i % 8);
    writeFileSync(join(cwd, 'flipped.core'), bytes);
    const { status, stderr } = rumpus(cwd, ['replay', 'flipped.core']);
    expect([0, 1, 2]).toContain(status);
    expect(stderr).not.toContain('internal error');
  }
});

const linux = needs('linux', 'run the tests on Linux', process.platform === 'linux');

linux.test('a folder that cannot be made is a sentence, and no verdict is lost by it', () => {
  const profile = rumpus(cwd, ['profile', 'hello.ts', '-o', '/proc/none']);
  expect(profile.status).toBe(2);
  expect(profile.stderr).toContain('/proc/none');
  for (const line of ['run kassert.ts --out /proc/none', 'hunt kassert.ts --out /proc/none']) {
    const { status, stdout, stderr } = rumpus(cwd, line.split(' '));
    expect(status).toBe(1);
    expect(stdout).toContain('kassert: count is 3');
    expect(stderr).toMatch(/^the (core|recording) could not be written: .*\/proc\/none/m);
  }
});

test('knobs of the environment are checked as options are', () => {
  const { status, stderr } = rumpus(cwd, ['run', 'hello.ts'], { RUMP_NCPU: '65' });
  expect(status).toBe(2);
  expect(stderr).toBe("rumpus: RUMP_NCPU must be a whole number from 1 to 64, not '65'\n");
});
