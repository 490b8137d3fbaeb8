import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
/** A seed with which abba.ts deadlocks on two CPUs. */
const DEADLOCK_SEED = '1';

test('profile counts every statement to its stack: totals are the icount (issue 2)', () => {
  const { status, json } = rumpusJson(cwd, ['profile', 'works.ts']);
  expect(status).toBe(0);
  expect(json['counted']).toBe(json['icount']);
  const folded = readFileSync(join(cwd, json['folded'] as string), 'utf8');
  const sum = folded
    .trim()
    .split('\n')
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  expect(sum).toBe(json['icount']);
  expect(folded).toMatch(/^main#1;runMain;main;worker;twice;leaf \d+$/m);
});

test('a recording profiles as its run did', () => {
  const args = ['abba.ts', '--ncpu', '2', '--no-preempt', '--seed', DEADLOCK_SEED];
  const found = rumpusJson(cwd, ['run', ...args]).json;
  expect(found['verdict']).toBe('deadlock');
  const recorded = rumpusJson(cwd, ['profile', found['recording'] as string, '-o', 'a']).json;
  expect(recorded['counted']).toBe(found['icount']);
  const live = rumpusJson(cwd, ['profile', ...args, '-o', 'b']).json;
  expect(readFileSync(join(cwd, recorded['folded'] as string))).toEqual(
    readFileSync(join(cwd, live['folded'] as string)),
  );
});

test('the flame graph is one page that needs no network', () => {
  rumpus(cwd, ['profile', 'works.ts', '-o', 'page']);
  const html = readFileSync(join(cwd, 'page/works.html'), 'utf8');
  expect(html).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//);
  expect(html).not.toMatch(/\b(fetch|XMLHttpRequest|import)\s*\(/);
  expect(html).toContain('<meta name="viewport"');
  expect(html).toContain('d3-flame-graph');
});
