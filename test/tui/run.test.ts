import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecording } from '../../corefiles/index.ts';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();

test('run passes arguments to the program and exits with 0 when it passes (DESIGN.md, tui)', () => {
  const { status, stdout, stderr } = rumpus(cwd, ['run', 'hello.ts', 'rump', '--', '-v']);
  expect(status).toBe(0);
  expect(stdout).toContain('hello rump -v\npassed\n');
  expect(stderr).toBe('');
});

test('run --json prints one object and the console on stderr (DESIGN.md, tui)', () => {
  const { status, stderr, json } = rumpusJson(cwd, [
    'run',
    'hello.ts',
    '--ncpu',
    '4',
    '--seed',
    '9',
  ]);
  expect(status).toBe(0);
  expect(stderr).toBe('hello world\n');
  expect(json).toMatchObject({ verdict: 'passed', message: '', seed: 9, ncpu: 4 });
  expect(json).toMatchObject({ strategy: 'random', grain: 'sync', program: 'hello.ts' });
  expect(json['digest']).toMatch(/^[0-9a-f]{32}$/);
  expect(json['image']).toMatch(/^[0-9a-f]+$/);
  expect(json['icount']).toBeGreaterThan(0);
  expect(json['virtualTimeNs']).toBeGreaterThanOrEqual((json['icount'] as number) * 10);
  expect(json).not.toHaveProperty('core');
});

test('the same seed twice gives the same digest, another program another (issue 2)', () => {
  const args = ['run', 'works.ts', '--ncpu', '2', '--seed', '7'];
  const first = rumpusJson(cwd, args).json;
  expect(rumpusJson(cwd, args).json['digest']).toBe(first['digest']);
  expect(rumpusJson(cwd, ['run', 'hello.ts']).json['digest']).not.toBe(first['digest']);
});

test('a failed run exits with 1, names the place and leaves a core with its recording', () => {
  const { status, json } = rumpusJson(cwd, ['run', 'kassert.ts']);
  expect(status).toBe(1);
  expect(json).toMatchObject({ verdict: 'kassert', message: 'count is 3' });
  const [stack] = json['stacks'] as {
    frames: { function: string; file: string; line: number }[];
  }[];
  expect(stack.frames[0]).toMatchObject({ function: 'check', file: 'work/kassert.ts', line: 4 });
  expect(stack.frames[1]).toMatchObject({ function: 'main', line: 9 });
  expect(json['core']).toBe('.rumpus/kassert-kassert-1.core');
  const { data, complete } = readRecording(join(cwd, json['core'] as string));
  expect(complete).toBe(true);
  expect(data.end.digest).toBe(json['digest']);
});

test('text output says verdict, place, how to explain and how to replay', () => {
  const { status, stdout } = rumpus(cwd, ['run', 'kassert.ts', '--out', 'other']);
  expect(status).toBe(1);
  expect(stdout).toContain('kassert: count is 3');
  expect(stdout).toContain('check (work/kassert.ts:4:3)');
  expect(stdout).toContain('npx rumpus core analyze other/kassert-kassert-1.core');
  expect(stdout).toContain('npx rumpus replay other/kassert-kassert-1.core');
  expect(existsSync(join(cwd, 'other/kassert-kassert-1.core'))).toBe(true);
});

test('output to a pipe has no escape sequences (no-color.org)', () => {
  const { stdout } = rumpus(cwd, ['run', 'kassert.ts']);
  expect(stdout).not.toContain('\x1b');
});

test('a verdict that the program expects is fine: exit 0, and it is said', () => {
  const { status, stdout } = rumpus(cwd, ['run', 'expects-panic.ts']);
  expect(status).toBe(0);
  expect(stdout).toContain('panic: on purpose\n  expected: panic\n');
});

test('a program that throws is a program-error at its line (issue 2, Bad input)', () => {
  const { status, json } = rumpusJson(cwd, ['run', 'throws.ts']);
  expect(status).toBe(1);
  expect(json).toMatchObject({ verdict: 'program-error', message: 'Error: thrown by the program' });
  const [stack] = json['stacks'] as { frames: { function: string; line: number }[] }[];
  expect(stack.frames[0]).toMatchObject({ function: 'main', line: 4 });
});

test('a program that never ends is a timeout (issue 2, Bad input)', () => {
  const { status, json } = rumpusJson(cwd, ['run', 'endless.ts']);
  expect(status).toBe(1);
  expect(json).toMatchObject({ verdict: 'timeout', icount: 10_000 });
  const less = rumpusJson(cwd, ['run', 'endless.ts', '--budget', '8000']).json;
  expect(less).toMatchObject({ verdict: 'timeout', icount: 8000 });
});

test('--record keeps a recording of a run that passed', () => {
  const { json } = rumpusJson(cwd, ['run', 'hello.ts', '--record', 'kept/hello.rumpus']);
  expect(json['recording']).toBe('kept/hello.rumpus');
  expect(readRecording(join(cwd, 'kept/hello.rumpus')).data.end.verdict).toBe('passed');
  const unnamed = rumpusJson(cwd, ['run', 'hello.ts', '--record']).json;
  expect(unnamed['recording']).toBe('.rumpus/hello-passed-1.rumpus');
});

test('a file that is written holds no absolute path and no environment (DESIGN.md, corefiles)', () => {
  const bytes = readFileSync(join(cwd, '.rumpus/kassert-kassert-1.core'), 'latin1');
  expect(bytes).not.toContain(cwd);
  expect(bytes).not.toContain(process.env['HOME'] ?? '/nowhere');
});

test('the knobs of rump come from the environment, options override them (issue 2)', () => {
  const run = (env: Record<string, string>, ...args: string[]) =>
    JSON.parse(rumpus(cwd, ['run', 'hello.ts', '--json', ...args], env).stdout) as { ncpu: number };
  expect(run({ RUMP_NCPU: '5' }).ncpu).toBe(5);
  expect(run({ RUMP_NCPU: '5' }, '--ncpu', '3').ncpu).toBe(3);
});

const FORGOTTEN = [
  ['mkdir', 'sys.mkdir()', 9],
  ['mutex', 'mutex_enter()', 12],
  ['helper', 'helper()', 15],
] as const;

for (const [way, what, line] of FORGOTTEN) {
  test(`a forgotten yield* of ${what} is shown at the program's line (issue 2, toolchain)`, () => {
    const { status, json } = rumpusJson(cwd, ['run', 'forgets.ts', way]);
    expect(status).toBe(1);
    expect(json['message']).toContain(
      `${what} was called without yield* at work/forgets.ts:${line}:`,
    );
  });
}

for (const [way, what] of [
  ['number', 'a number'],
  ['function', 'a function'],
  ['object', 'a plain value'],
  ['nothing', 'undefined'],
]) {
  test(`yield* of ${what} is one sentence at its line`, () => {
    const { status, json } = rumpusJson(cwd, ['run', 'yields-plain.ts', way]);
    expect(status).toBe(1);
    expect(json).toMatchObject({
      verdict: 'program-error',
      message: `TypeError: yield* was given ${what}: only what may sleep is called with yield*`,
    });
    const [stack] = json['stacks'] as { frames: { function: string; line: number }[] }[];
    expect(stack.frames[0]).toMatchObject({ function: 'main', line: 15 });
  });
}
