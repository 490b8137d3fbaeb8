/**
 * Shrinking: what a random walk found becomes a schedule of few preemptions, which fails alone and in
 * the same way, and a swap that makes it pass.
 */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_SPEC,
  execute,
  type LoadedProgram,
  type RunSpec,
} from '../../../debugger/index.ts';
import type { Found } from '../../../debugger/hunt/found.ts';
import {
  FollowStrategy,
  parseComplete,
  type Shrunk,
  shrink,
} from '../../../debugger/hunt/shrink/index.ts';
import { failureKey } from '../../../debugger/hunt/shrink/same.ts';
import type { Grain } from '../../../kernel/index.ts';
import { findFailing, loadFor } from './finding.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

interface Case {
  readonly name: string;
  readonly file: string;
  /** Preemptions of the smallest failing schedule. */
  readonly preemptions: number;
  /** What the swap's sentence says. */
  readonly swap: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'a lost update',
    file: 'debugger/programs/race.ts',
    preemptions: 1,
    swap: /^The same run passes when LWP 3 \(two\) .*race\.ts:1\d before LWP 2 \(one\) .*race\.ts:1\d\.$/,
  },
  {
    name: 'kern/36681',
    file: 'gallery/kern-36681/buggy.ts',
    preemptions: 1,
    swap: /LWP 3 \(looker\) .* before LWP 2 \(renamer\)/,
  },
  {
    name: 'kern/43694',
    file: 'gallery/kern-43694/buggy.ts',
    preemptions: 2,
    swap: /LWP 2 \(writer\) .*old\.ts:\d+ before LWP 1 \(main\) .*kern_descrip/,
  },
];

const GRAINS: readonly Grain[] = ['sync', 'access', 'statement'];

interface Shrinking {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly found: Found;
  readonly shrunk: Shrunk;
}

async function shrinking(file: string, grain: Grain, seed = 1): Promise<Shrinking> {
  const spec: RunSpec = { ...DEFAULT_SPEC, grain, seed, knobs: { preempt: true } };
  const loaded = await loadFor(path(file), spec);
  const found = findFailing(loaded, spec);
  return { loaded, spec, found, shrunk: await shrink(loaded, spec, found) };
}

/** Runs a complete schedule string; strict: every directive has to fit. */
function runText(loaded: LoadedProgram, text: string) {
  const { words, spec } = parseComplete(text);
  const strategy = new FollowStrategy(words);
  const run = execute(loaded, { ...DEFAULT_SPEC, ...spec }, { strategy });
  expect(strategy.misfits()).toEqual([]);
  return run;
}

describe.each(CASES)('$name', ({ file, preemptions, swap }) => {
  test.each(GRAINS)('at the grain %s', async (grain) => {
    const { loaded, found, shrunk } = await shrinking(file, grain);
    expect(shrunk.trouble).toBe('');
    expect(shrunk.replays).toBeLessThanOrEqual(100);
    expect(shrunk.after).toMatchObject({ preemptions, directives: preemptions });
    expect(shrunk.certificate.sentence).toMatch(
      new RegExp(
        `^no schedule with fewer than ${preemptions} preemptions? fails \\(\\d+ tried\\)$`,
      ),
    );

    const { outcome, world } = runText(loaded, shrunk.schedule);
    expect(outcome.verdict).toBe(found.verdict);
    expect(failureKey(outcome, world.reports)).toBe(found.signature);
    expect(outcome.icount).toBe(shrunk.found.icount);

    expect(shrunk.swap?.sentence).toMatch(swap);
    const passing = new FollowStrategy(shrunk.swap?.words ?? new Int32Array(0));
    expect(execute(loaded, shrunk.spec, { strategy: passing }).outcome.verdict).toBe('passed');
    expect(passing.misfits()).toEqual([]);
  });
});

test('the result is the same every time', async () => {
  const [one, two] = [
    await shrinking(CASES[2].file, 'access'),
    await shrinking(CASES[2].file, 'access'),
  ];
  expect(two.shrunk).toEqual({ ...one.shrunk, found: two.shrunk.found, swap: two.shrunk.swap });
  expect(two.shrunk.found.words).toEqual(one.shrunk.found.words);
  expect(two.shrunk.swap?.sentence).toBe(one.shrunk.swap?.sentence);
});

test('a found schedule that does not fail is said, not shrunk', async () => {
  const { loaded, spec, found } = await shrinking(CASES[0].file, 'sync');
  const shrunk = await shrink(loaded, spec, { ...found, words: new Int32Array(0) });
  expect(shrunk.trouble).toBe('run again, it ended with passed, not program-error');
});

test('an interrupted shrinking gives what it has', async () => {
  const { loaded, spec, found } = await shrinking(CASES[1].file, 'sync');
  const shrunk = await shrink(loaded, spec, found, { signal: AbortSignal.abort() });
  expect(shrunk).toMatchObject({ trouble: 'it was interrupted', replays: 0, swap: null });
  expect(runText(loaded, shrunk.schedule).outcome.verdict).toBe(found.verdict);
});

test('few replays give a failing schedule still', async () => {
  const { loaded, spec, found } = await shrinking(CASES[1].file, 'statement');
  const shrunk = await shrink(loaded, spec, found, { replays: 8, certify: 0 });
  expect(shrunk.replays).toBeLessThanOrEqual(8);
  expect(shrunk.certificate.minimal).toBe(false);
  expect(runText(loaded, shrunk.schedule).outcome.verdict).toBe(found.verdict);
});

test('a data race is shrunk to the detector and the schedule that show it', async () => {
  const spec: RunSpec = {
    ...DEFAULT_SPEC,
    ...{ grain: 'access', detectors: ['race', 'lock-order'], knobs: { preempt: true } },
  };
  const loaded = await loadFor(path('debugger/programs/race.ts'), spec);
  const found = findFailing(loaded, spec);
  expect(found.verdict).toBe('data-race');
  const shrunk = await shrink(loaded, spec, found);
  expect(shrunk).toMatchObject({ trouble: '', schedule: 'preempt,access,detect=race|' });
  const { outcome, world } = runText(loaded, shrunk.schedule);
  expect(failureKey(outcome, world.reports)).toBe(found.signature);
});
