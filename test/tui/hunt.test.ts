import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { root, rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();

test('a deadlock between two CPUs is found, replayed and written; exit 1 (issue 2)', () => {
  const { status, json } = rumpusJson(cwd, [
    'hunt',
    'abba.ts',
    '--ncpu',
    '2',
    '--schedules',
    '500',
  ]);
  expect(status).toBe(1);
  expect(json).toMatchObject({ verdict: 'deadlock', ncpu: 2, preempt: false, replayed: true });
  expect(json['schedulesToFailure']).toBe(json['schedules']);
  expect(json['stacks']).toHaveLength(2);
  for (const kind of ['recording', 'core']) {
    const replayed = rumpusJson(cwd, ['replay', json[kind] as string]);
    expect(replayed.status).toBe(0);
    const { icount, digest } = json;
    expect(replayed.json).toMatchObject({ verdict: 'deadlock', icount, digest, identical: true });
  }
});

test('the command that runs the schedule again has the arguments and knobs of the hunt', () => {
  const args = ['abba.ts', 'a b', '--ncpu', '2', '--memlimit', '32m', '--no-lockdebug'];
  const { stdout } = rumpus(cwd, ['hunt', ...args, '--arg', '-v']);
  expect(stdout).toMatch(
    / run abba\.ts --ncpu 2 --no-preempt --seed \d+ --memlimit 33554432 --no-lockdebug --arg='a b' --arg=-v$/m,
  );
});

test('the seed it reports runs the failing schedule again', () => {
  const found = rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '2', '--seed', '5']).json;
  const seed = String(found['seed']);
  const again = rumpusJson(cwd, ['run', 'abba.ts', '--ncpu', '2', '--no-preempt', '--seed', seed]);
  expect(again.status).toBe(1);
  expect(again.json['digest']).toBe(found['digest']);
});

test('pct finds it too, and its seed runs it again', () => {
  const pct = ['--strategy', 'pct', '--depth', '2', '--ncpu', '2'];
  const found = rumpusJson(cwd, ['hunt', 'abba.ts', ...pct]).json;
  expect(found).toMatchObject({ verdict: 'deadlock', strategy: 'pct' });
  const same = ['--seed', String(found['seed']), '--steps', String(found['steps'])];
  const again = rumpusJson(cwd, ['run', 'abba.ts', ...pct, '--no-preempt', ...same]).json;
  expect(again['digest']).toBe(found['digest']);
});

test('one CPU without preemption never deadlocks; with --preempt it does (issue 2)', () => {
  const one = rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '1', '--schedules', '400']);
  expect(one.status).toBe(0);
  expect(one.json).toMatchObject({ verdict: 'passed', schedules: 400, ncpu: 1 });
  const preempted = rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '1', '--preempt']);
  expect(preempted.status).toBe(1);
});

test('without --ncpu every interleaving is allowed (DESIGN.md, kernel)', () => {
  const { json } = rumpusJson(cwd, ['hunt', 'abba.ts']);
  expect(json).toMatchObject({ verdict: 'deadlock', preempt: true });
});

test('the number of workers does not change what is found', () => {
  const found = (workers: string) =>
    rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '2', '--workers', workers]).json;
  expect(found('1')['digest']).toBe(found('2')['digest']);
});

test('nothing found is one sentence, and no progress in a pipe', () => {
  const { status, stdout, stderr } = rumpus(cwd, ['hunt', 'hello.ts', '--schedules', '600']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^no failure in 600 schedules \([\d,]+ a second\)\n$/);
  expect(stderr).toBe('');
});

test('Ctrl-C ends a hunt with what was done so far and exit 130', async () => {
  const args = ['hunt', 'hello.ts', '--schedules', '100000000', '--workers', '1', '--json'];
  const child = spawn(process.execPath, [resolve(root, 'bin/rumpus.mjs'), ...args], { cwd });
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const timer = setTimeout(() => child.kill('SIGINT'), 1500);
  const status = await new Promise((done) => child.on('exit', done));
  clearTimeout(timer);
  expect(status).toBe(130);
  const json = JSON.parse(stdout) as Record<string, unknown>;
  expect(json).toMatchObject({ verdict: 'passed', interrupted: true });
  expect(json['schedules']).toBeGreaterThan(0);
});

test('a verdict that the program expects is no finding: exit 0, and it is said', () => {
  const { status, stdout } = rumpus(cwd, ['hunt', 'expects-deadlock.ts']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^found in schedule \d+\ndeadlock: .*\n {2}expected: deadlock\n/);
  const { json } = rumpusJson(cwd, ['hunt', 'expects-deadlock.ts']);
  expect(json).toMatchObject({ verdict: 'deadlock', expected: true });
});

test('an expected verdict that never occurs is a finding: exit 1', () => {
  const args = ['hunt', 'expects-deadlock.ts', '--ncpu', '1', '--schedules', '50'];
  const { status, stdout } = rumpus(cwd, args);
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^no failure in 50 schedules .*\n {2}expected deadlock, which never occurred\n$/,
  );
  expect(rumpusJson(cwd, args).json).toMatchObject({ verdict: 'passed', expected: false });
});

test('another verdict than the one that is expected is a finding: exit 1', () => {
  const { status, stdout } = rumpus(cwd, ['hunt', 'expects-other.ts']);
  expect(status).toBe(1);
  expect(stdout).toContain('  expected deadlock, got panic\n');
});

test('without an expectation --json says nothing about one', () => {
  expect(rumpusJson(cwd, ['hunt', 'abba.ts']).json).not.toHaveProperty('expected');
});
