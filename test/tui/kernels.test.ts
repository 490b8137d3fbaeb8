/** The kernel is built twice, and every command takes the one that it needs. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { root, rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
const TOLD = { RUMPUS_ACCESSES: 'kernel' };

test('both kernels have the same identity', () => {
  const identity = (file: string): unknown => JSON.parse(readFileSync(resolve(root, file), 'utf8'));
  expect(identity('dist/access/image.json')).toEqual(identity('dist/image.json'));
});

test('both export the same, and share the hooks and the errnos', () => {
  const code = `
    const [a, b] = await Promise.all(['./kernel.js', './access/kernel.js'].map((f) => import(f)));
    const lost = Object.keys(a).filter((name) => typeof a[name] !== typeof b[name]);
    console.log(lost.join(), a.hooks === b.hooks, a.EINVAL === b.EINVAL);`;
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = spawnSync(process.execPath, args, { cwd: resolve(root, 'dist') });
  expect(String(stdout)).toBe(' true true\n');
});

for (const grain of ['sync', 'statement']) {
  test(`a recording at the grain ${grain} replays identically in the other kernel`, () => {
    const args = ['run', 'works.ts', '--grain', grain, '--seed', '3', '--preempt', '--record'];
    const plain = rumpusJson(cwd, [...args, `${grain}-plain.rumpus`]).json;
    const told = rumpusJson(cwd, [...args, `${grain}-told.rumpus`], TOLD).json;
    const { icount, digest, image } = plain;
    expect(told).toMatchObject({ icount, digest, image });
    const here = rumpusJson(cwd, ['replay', told['recording'] as string]);
    const there = rumpusJson(cwd, ['replay', plain['recording'] as string], TOLD);
    for (const { json } of [here, there]) {
      expect(json).toMatchObject({ identical: true, icount, digest });
    }
  });
}

const HUNT = ['hunt', 'loses.ts', '--schedules', '2000'];

test('a hunt in the kernel finds, replays and opens what it found, in the kernel that it was in', () => {
  const found = rumpusJson(cwd, [...HUNT, '--accesses', 'kernel', '--out', 'told']);
  expect(found.status).toBe(1);
  const { icount, digest, recording, core } = found.json;
  for (const file of [recording, core]) {
    // Whatever the environment says, a recording knows what it needs.
    const replayed = rumpusJson(cwd, ['replay', String(file)], { RUMPUS_ACCESSES: 'program' });
    expect(replayed.json).toMatchObject({ identical: true, icount, digest });
  }
  const script = 'back 3\nnext\nwhere\n';
  const debugged = rumpus(cwd, ['debug', String(core)], {}, script);
  expect(debugged.stderr).toBe('');
  expect(debugged.stdout).toContain('loses.ts');
  expect(rumpus(cwd, ['trace', String(core)]).status).toBe(0);
});

test('what was found among the accesses of the program alone replays without those of the kernel', () => {
  const found = rumpusJson(cwd, [...HUNT, '--out', 'plain']).json;
  const replayed = rumpusJson(cwd, ['replay', String(found['recording'])], TOLD);
  expect(replayed.json).toMatchObject({ identical: true, digest: found['digest'] });
});

test('worker threads have the kernel of their hunt', () => {
  const args = [
    'hunt',
    'works.ts',
    '--accesses',
    'kernel',
    '--schedules',
    '1200',
    '--workers',
    '2',
  ];
  const { status, stdout, stderr } = rumpus(cwd, args);
  expect(stderr).toBe('');
  expect(stdout).toContain('no failure in 1,200 schedules');
  expect(status).toBe(0);
});

test('whose accesses there are to be told is program or kernel', () => {
  const { status, stderr } = rumpus(cwd, ['hunt', 'works.ts', '--accesses', 'all']);
  expect(stderr).toMatch(/^rumpus: --accesses must be program or kernel, not 'all'\n$/);
  expect(status).toBe(2);
});
