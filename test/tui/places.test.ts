/** What a program leaks or uses after it was freed: every report names the program's statement. */

import { expect, test } from 'vitest';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();

const FOUND = [
  ['leak', [], 'node (allocated at work/leaks.ts:18)', 'buffer (allocated at work/leaks.ts:29)'],
  ['use-after-free', ['--arg', 'freed'], 'node.size is written', 'freed at work/leaks.ts:26 ('],
] as const;

for (const [verdict, args, ...places] of FOUND) {
  const says = (text: unknown): void => {
    for (const place of places) expect(text).toContain(place);
  };
  const forRun = args.slice(1);

  test(`run names where the ${verdict} comes from, in text and in --json`, () => {
    says(rumpus(cwd, ['run', 'leaks.ts', ...forRun]).stdout);
    const { json } = rumpusJson(cwd, ['run', 'leaks.ts', ...forRun]);
    expect(json['verdict']).toBe(verdict);
    says(json['message']);
  });

  test(`the analysis of its core names where the ${verdict} comes from`, () => {
    const core = rumpusJson(cwd, ['run', 'leaks.ts', ...forRun]).json['core'] as string;
    says(rumpus(cwd, ['core', 'analyze', core]).stdout);
    says(JSON.stringify(rumpusJson(cwd, ['core', 'analyze', core]).json));
    says(rumpusJson(cwd, ['replay', core]).json['message']);
  });

  test(`a hunt names where the ${verdict} comes from`, () => {
    says(rumpus(cwd, ['hunt', 'leaks.ts', ...args]).stdout);
    says(rumpusJson(cwd, ['hunt', 'leaks.ts', ...args]).json['message']);
  });
}

test('a forgotten yield* in a loop of one statement is shown at its line, in a hunt too', () => {
  const at = 'was called without yield* at work/forgets.ts:18:';
  expect(rumpusJson(cwd, ['run', 'forgets.ts', 'loop']).json['message']).toContain(at);
  const { json } = rumpusJson(cwd, ['hunt', 'forgets.ts', '--arg', 'loop']);
  expect(json['message']).toContain(at);
  const analysis = rumpus(cwd, ['core', 'analyze', json['core'] as string]).stdout;
  expect(analysis).toContain(at);
});

test('printing into the past prints once where the report was looked for in a second run', () => {
  const core = rumpusJson(cwd, ['run', 'leaks.ts']).json['core'] as string;
  const { stdout } = rumpus(cwd, [
    'replay',
    core,
    '--dprintf',
    'leaks.ts:29',
    'size %d',
    'node.size',
  ]);
  expect(stdout.match(/size 0/g)).toHaveLength(1);
});
