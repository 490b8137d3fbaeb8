/** What the READMEs of the gallery say of its races and its panic. */

import { expect, test } from 'vitest';
import type { Program } from '../../kernel/api.ts';
import { type RunOptions, run, verdicts } from '../kernel/harness.ts';
import renameBuggy from './kern-36681/buggy.ts';
import renameFixed from './kern-36681/fixed.ts';
import closeBuggy from './kern-43694/buggy.ts';
import closeFixed from './kern-43694/fixed.ts';
import linksBuggy from './tmpfs-links/buggy.ts';
import linksFixed from './tmpfs-links/fixed.ts';

/** Verdicts of `schedules` random schedules. */
function hunt(program: Program, options: RunOptions, schedules: number) {
  return verdicts({ ...program.options, ...options, schedules }, program.main);
}

/** Random schedules until `program` fails, from `seed` on. */
function schedulesToFailure(program: Program, seed: number, limit: number): number {
  for (let i = 0; i < limit; i++) {
    const options: RunOptions = { ...program.options, seed: seed + i, replay: 'left out' };
    if (run(options, program.main).outcome.verdict !== 'passed') return i + 1;
  }
  return limit;
}

test('kern/36681 deadlocks with two CPUs, and never with one', () => {
  expect(Object.keys(hunt(renameBuggy, {}, 100)).sort()).toEqual(['deadlock', 'passed']);
  expect(hunt(renameBuggy, { ncpu: 1 }, 300)).toEqual({ passed: 300 });
});

test('kern/36681 deadlocks with one CPU and preemption', () => {
  const found = hunt(renameBuggy, { ncpu: 1, preempt: true }, 100);
  expect(Object.keys(found).sort()).toEqual(['deadlock', 'passed']);
});

test('kern/36681: the deadlock names both LWPs', () => {
  const seed = schedulesToFailure(renameBuggy, 1, 300);
  const { outcome } = run({ ...renameBuggy.options, seed }, renameBuggy.main);
  expect(outcome.verdict).toBe('deadlock');
  expect(outcome.message).toMatch(/\(renamer\) waits for vnode/);
  expect(outcome.message).toMatch(/\(looker\) waits for vnode/);
});

test('kern/36681, fixed, is silent', () => {
  expect(hunt(renameFixed, {}, 800)).toEqual({ passed: 800 });
  expect(hunt(renameFixed, { strategy: 'pct', grain: 'statement' }, 200)).toEqual({ passed: 200 });
});

test('kern/43694 fails its assertion within a median of far under 2,000 schedules', () => {
  const counts = Array.from({ length: 21 }, (_, i) =>
    schedulesToFailure(closeBuggy, 1 + i * 10_000, 2000),
  );
  counts.sort((a, b) => a - b);
  expect(counts[10]).toBeLessThan(200);
});

test('kern/43694: the assertion is the one about references', () => {
  const seed = schedulesToFailure(closeBuggy, 1, 2000);
  const { outcome } = run({ ...closeBuggy.options, seed }, closeBuggy.main);
  expect(outcome.verdict).toBe('kassert');
  expect(outcome.message).toMatch(/ff_refcnt == 0/);
});

test('kern/43694, fixed, is silent', () => {
  expect(hunt(closeFixed, {}, 5000)).toEqual({ passed: 5000 });
});

test('tmpfs-links panics in rmdir, whatever the schedule', () => {
  expect(hunt(linksBuggy, {}, 20)).toEqual({ kassert: 20 });
  expect(hunt(linksBuggy, { ncpu: 1, strategy: 'pct' }, 5)).toEqual({ kassert: 5 });
  const { outcome, world } = run(linksBuggy.options, linksBuggy.main);
  expect(outcome.message).toMatch(/fewer links than subdirectories/);
  expect(world.lwps[outcome.lwp]?.syscall).toBe('rmdir');
});

test('tmpfs-links, fixed, passes', () => {
  expect(hunt(linksFixed, {}, 20)).toEqual({ passed: 20 });
});
