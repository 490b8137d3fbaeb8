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
  expect(json['schedulesToFailure']).toBeLessThanOrEqual(json['schedules'] as number);
  expect(json['stacks']).toHaveLength(2);
  for (const kind of ['recording', 'core']) {
    const replayed = rumpusJson(cwd, ['replay', json[kind] as string]);
    expect(replayed.status).toBe(0);
    const { icount, digest } = json;
    expect(replayed.json).toMatchObject({ verdict: 'deadlock', icount, digest, identical: true });
  }
});

/** The schedule in `npx rumpus replay abba.ts --schedule '…'`. */
function printedSchedule(stdout: string): string {
  return / npx rumpus replay abba\.ts --schedule '([^']+)'$/m.exec(stdout)?.[1] ?? '';
}

test('the command that it prints repeats the run, with its arguments and knobs', () => {
  const args = ['abba.ts', 'a b', '--ncpu', '2', '--memlimit', '32m', '--arg', '-v'];
  const schedule = printedSchedule(rumpus(cwd, ['hunt', ...args]).stdout);
  const found = rumpusJson(cwd, ['hunt', ...args]).json;
  expect(found['schedule']).toBe(schedule);
  const again = rumpusJson(cwd, ['replay', 'abba.ts', '--schedule', schedule]);
  expect(again.status).toBe(1);
  const { verdict, icount, digest } = found;
  expect(again.json).toMatchObject({ verdict, icount, digest });
});

test('other seeds try other schedules, and find it too', () => {
  const hunted = (seed: string) =>
    rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '2', '--seed', seed]).json;
  expect(hunted('5')).toMatchObject({ verdict: 'deadlock', huntSeed: 5 });
  expect(hunted('5')['digest']).toBe(hunted('5')['digest']);
});

test.each(['pct', 'random', 'pos', 'urw', 'surw', 'race'])('%s finds it', (strategy) => {
  const { json } = rumpusJson(cwd, ['hunt', 'abba.ts', '--strategy', strategy, '--ncpu', '2']);
  expect(json).toMatchObject({ verdict: 'deadlock', strategy });
});

test('an exhaustive search ends with a certificate, or at what it finds', () => {
  const { stdout } = rumpus(cwd, ['hunt', 'hello.ts', '--exhaustive']);
  expect(stdout).toMatch(/^no failure in \d+ schedules? .*\n {2}proof {5}all \d+ class/);
  expect(rumpusJson(cwd, ['hunt', 'abba.ts', '--exhaustive']).json).toMatchObject({
    verdict: 'deadlock',
    strategy: 'exhaustive',
  });
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
  expect(stdout).toMatch(/^no failure in 600 schedules \([\d,]+ a second\)\n/);
  expect(stdout).toMatch(
    / bound {5}a bug that 1 schedule in 200 shows would have been found with 95 %\n$/,
  );
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
  expect(stdout).toMatch(/^found in schedule \d+\n {2}expected: deadlock\ndeadlock: /);
  const { json } = rumpusJson(cwd, ['hunt', 'expects-deadlock.ts']);
  expect(json).toMatchObject({ verdict: 'deadlock', expected: true });
});

test('an expected verdict that never occurs is a finding: exit 1', () => {
  const args = ['hunt', 'expects-deadlock.ts', '--ncpu', '1', '--schedules', '50'];
  const { status, stdout } = rumpus(cwd, args);
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^no failure in 50 schedules .*\n[\s\S]* {2}expected deadlock, which never occurred\n$/,
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
