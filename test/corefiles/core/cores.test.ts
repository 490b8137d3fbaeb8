/** Cores of every kind of failure: what analyze and bt say of them. */

import { describe, expect, it } from 'vitest';
import { analysisText, analyze, locksReport } from '../../../corefiles/index.ts';
import { replayWithCore } from '../../../debugger/index.ts';
import { expectGolden } from './goldens.ts';
import { coreOf, normalised, programStacks } from './harness.ts';

const PROGRAMS = [
  'abba',
  'boot',
  'kassert',
  'lost-wakeup',
  'panic',
  'program-error',
  'several',
  'timeout',
  'trap',
];

describe.each(PROGRAMS)('a core of %s', (name) => {
  it('shows TypeScript positions and the values of locals of all LWPs, exactly', async () => {
    const { core } = await coreOf(name);
    expectGolden(`${name}.bt`, programStacks(core));
  });

  it('is explained in one screen', async () => {
    const { core } = await coreOf(name);
    const text = analysisText(analyze(core, { file: `${name}.core` }));
    expect(text.split('\n').length).toBeLessThanOrEqual(24);
    expectGolden(`${name}.analysis`, normalised(text));
  });

  it('says the same when the recording in it is replayed', async () => {
    const { core, loaded } = await coreOf(name);
    const { replayed, state } = replayWithCore(loaded, core.recording.data);
    expect(replayed.divergence).toBeNull();
    expect(state?.head.stack).toEqual(
      core.stack.map(({ source: _source, locals: _locals, ...frame }) => frame),
    );
    expect(state?.head.missing).toEqual([]);
  });

  it('is whole', async () => {
    const { core } = await coreOf(name);
    expect(core.warnings).toEqual([]);
    expect(core.recording.complete).toBe(true);
  });
});

describe('a core of a deadlock', () => {
  it('names the cycle, and who holds and waits (DESIGN.md, verdicts)', async () => {
    const { core } = await coreOf('abba');
    const { cycles, locks } = locksReport(core);
    expect(cycles).toHaveLength(1);
    const [cycle] = cycles;
    expect(cycle.map(({ waiter }) => waiter).sort()).toEqual([2, 3]);
    expect(cycle.map(({ lock }) => lock).sort()).toEqual(['a', 'b']);
    for (const { owner, waiters } of locks) expect([owner, ...waiters].sort()).toEqual([2, 3]);
  });
});

describe('a core of a stack overflow', () => {
  it('has all frames, and the variables of those at both ends', async () => {
    const { core } = await coreOf('overflow');
    const [lwp] = core.lwps();
    const deeper = lwp.frames.filter((frame) => frame.function === 'deeper');
    expect(deeper.length).toBeGreaterThan(1900);
    const depths = deeper.map(({ locals }) => locals.find(({ name }) => name === 'depth')?.value);
    expect(depths[0]).toBe(deeper.length - 1);
    expect(depths[1]).toBe(deeper.length - 2);
    expect(depths[deeper.length - 1]).toBe(0);
    expect(depths[1000]).toBeUndefined();
  });
});

describe('a core of several kernels', () => {
  it('has the state, messages and LWPs of each', async () => {
    const { core } = await coreOf('several');
    const [left, right] = core.kernels();
    expect([left.name, left.ncpu, right.name, right.ncpu]).toEqual(['left', 1, 'right', 2]);
    expect(left.dmesg).toEqual(['left is up']);
    expect(right.dmesg).toEqual(['panic: process 1 of the other kernel']);
    expect(core.lwps().map(({ kernel }) => kernel)).toEqual(['left', 'right']);
  });
});

describe('a core of a trap', () => {
  it('is captured at the throw, before finally blocks ran (DESIGN.md, decision 11)', async () => {
    const { core } = await coreOf('trap');
    const frame = core.lwps()[0].frames.find((one) => one.function === 'sys_depth');
    const tidied = core.graph?.deref(frame?.locals.find(({ name }) => name === 'tidied')?.value);
    expect(tidied?.size).toBe(0);
  });
});
