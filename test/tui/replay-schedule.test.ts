/** rumpus replay --schedule: a string that a hunt printed is a complete reproduction. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
const follow = (schedule: string, ...more: string[]) => [
  'replay',
  'abba.ts',
  '--schedule',
  schedule,
  ...more,
];

test('a failing schedule prints as a run does, saves recording and core, and ends with 1', () => {
  const { status, json } = rumpusJson(cwd, follow('3@2>2'));
  expect(status).toBe(1);
  expect(json).toMatchObject({
    verdict: 'deadlock',
    preemptions: 1,
    schedule: '3@2>2',
    misfits: [],
  });
  const { recording, core, icount, digest } = json as Record<string, string>;
  expect(existsSync(join(cwd, core))).toBe(true);
  const again = rumpusJson(cwd, ['replay', recording]);
  expect(again.json).toMatchObject({ verdict: 'deadlock', icount, digest, identical: true });
  const { stdout } = rumpus(cwd, follow('3@2>2'));
  expect(stdout).toMatch(/^deadlock: LWP 3 \(two\) waits for a held by LWP 2/);
  expect(stdout).toContain('strategy default, grain sync');
});

test('a schedule that passes ends with 0', () => {
  expect(rumpusJson(cwd, follow('')).json).toMatchObject({ verdict: 'passed' });
  expect(rumpus(cwd, follow('')).status).toBe(0);
});

test('directives that did not fit are named, with how far it came', () => {
  const { status, stdout } = rumpus(cwd, follow('3@2>2 2@1>1 2@9>3 7@1>2'));
  expect(status).toBe(1);
  expect(stdout).toContain('2@1>1 was not followed: LWP 1 could not run then');
  expect(stdout).toContain('2@9>3 was not followed: its last decision came at 1');
  expect(stdout).toContain('7@1>2 was not followed: it never came to that');
  expect(stdout).not.toContain('3@2>2 was not');
});

test('the head says what is not default, options are over it, and the environment is not asked', () => {
  const one = rumpusJson(cwd, follow('ncpu=1,seed=9|3@2>2')).json;
  expect(one).toMatchObject({ verdict: 'passed', ncpu: 1, seed: 9 });
  const two = rumpusJson(cwd, follow('ncpu=1,seed=9|3@2>2', '--ncpu', '2')).json;
  expect(two).toMatchObject({ verdict: 'deadlock', ncpu: 2, seed: 9 });
  const told = rumpusJson(cwd, follow('3@2>2'), { RUMP_NCPU: '1' }).json;
  expect(told).toMatchObject({ verdict: 'deadlock', ncpu: 2 });
});

test.each([
  [follow('3@2'), "in the schedule, at character 1: '3@2' is no directive"],
  [follow('nice|3@2>2'), "at character 1: 'nice' is no word of a head"],
  [follow('3@2>2', '--to', '5'), '--to is for a recording, and --schedule for a program'],
  [['replay', 'x.core', '--schedule', '3@2>2'], 'x.core has a schedule of its own'],
  [['replay', 'x.core', '--ncpu', '2'], '--ncpu needs --schedule'],
])('%j is a usage error', (args, message) => {
  const { status, stderr } = rumpus(cwd, args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
