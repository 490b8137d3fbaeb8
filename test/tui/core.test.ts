import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
rumpus(cwd, ['run', 'kassert.ts']);
const panicked = '.rumpus/kassert-kassert-1.core';
const locked = rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '2']).json['core'] as string;

test('core analyze says what, where, who and how to reproduce it, in one screen (issue 2)', () => {
  const { status, stdout, stderr } = rumpus(cwd, ['core', 'analyze', panicked]);
  expect(status).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain('kassert: count is 3');
  expect(stdout).toContain('check (work/kassert.ts:4:3)');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the program's source
  expect(stdout).toContain('KASSERT(count === 0, `count is ${count}`);');
  expect(stdout).toMatch(/count = 3/);
  expect(stdout).toContain(`rumpus replay ${panicked}`);
  expect(stdout.split('\n').length).toBeLessThanOrEqual(40);
});

test('a deadlock: who holds what, who waits for what (issue 2)', () => {
  const { stdout } = rumpus(cwd, ['core', 'analyze', locked]);
  for (const name of ['one', 'two']) expect(stdout).toContain(`(${name})`);
  const { json } = rumpusJson(cwd, ['core', 'locks', locked]);
  expect(json['locks']).toHaveLength(2);
  const analysis = rumpusJson(cwd, ['core', 'analyze', locked]).json;
  expect(analysis).toMatchObject({ verdict: 'deadlock' });
});

test('every question has text and one JSON object', () => {
  for (const question of ['analyze', 'info', 'ps', 'bt', 'locks', 'dmesg', 'print']) {
    const text = rumpus(cwd, ['core', question, locked]);
    expect(text, question).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout.length, question).toBeGreaterThan(0);
    expect(typeof rumpusJson(cwd, ['core', question, locked]).json, question).toBe('object');
  }
});

test('bt shows the LWPs that are asked for, with their variables', () => {
  const { stdout } = rumpus(cwd, ['core', 'bt', locked, '2']);
  expect(stdout).toContain('LWP 2');
  expect(stdout).not.toContain('LWP 3,');
  expect(stdout).toMatch(/take \(work\/abba\.ts:\d+:\d+\)/);
});

test('asking a core runs nothing: the program may be gone (DESIGN.md, corefiles)', () => {
  const { status, stdout } = rumpus('/', ['core', 'analyze', `${cwd}/${panicked}`]);
  expect(status).toBe(0);
  expect(stdout).toContain('kassert: count is 3');
  expect(existsSync(`${cwd}/${panicked}`)).toBe(true);
});

test('a core with nothing left is one sentence and exit 2; with a verdict left, an answer', () => {
  const whole = readFileSync(join(cwd, panicked));
  writeFileSync(join(cwd, 'cut.core'), whole.subarray(0, 10));
  for (const question of ['analyze', 'info', 'ps', 'bt', 'locks', 'dmesg', 'print']) {
    const nothing = rumpus(cwd, ['core', question, 'cut.core']);
    expect(nothing, question).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        'rumpus: cut.core has nothing left that can be used. The file is cut off in its header.\n',
    });
  }
  writeFileSync(join(cwd, 'cut.core'), whole.subarray(0, 1000));
  const some = rumpus(cwd, ['core', 'analyze', 'cut.core']);
  expect(some.status).toBe(0);
  expect(some.stdout).toContain('kassert: count is 3');
});

for (const [line, sentence] of [
  ['core analyze gone.core', /gone\.core/],
  ['core analyze hello.ts', /hello\.ts is a program/],
  [`core bt ${locked} 99`, /no LWP 99/],
  [`core print ${locked} nothing.there`, /nothing/],
  [`core print ${locked} kernel --depth 99`, /--depth must be/],
] as const) {
  test(`\`rumpus ${line.replace(locked, 'race.core')}\` is a sentence and exit 2`, () => {
    const { status, stdout, stderr } = rumpus(cwd, line.split(' '));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('internal error');
  });
}
