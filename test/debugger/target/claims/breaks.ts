/** Breakpoints and exceptions: the same hits in both directions, and what is written there. */

import { expect } from 'vitest';
import type { BreakpointRequest, OutputLine, Target } from '../../../../debugger/target/index.ts';
import type { Claims } from '../contract.ts';
import { ERRNO, OVERDRAWN_PATH } from '../programs.ts';
import { frameOf, local, placeIn } from './looking.ts';

/** Values of `left` at every hit of a breakpoint where it is pushed, in a direction. */
async function hits(
  target: Target,
  lines: readonly string[],
  more: Partial<BreakpointRequest>,
  kind: 'continue' | 'reverse-continue',
): Promise<string[]> {
  const [lineBase1] = placeIn(lines, 'account.past.push');
  const at = { kind: 'source', path: OVERDRAWN_PATH, lineBase1 } as const;
  const [answer] = await target.setBreakpoints([{ id: 5, at, ...more }]);
  expect(answer).toMatchObject({ id: 5, verified: true });
  const found: string[] = [];
  for (let stop = await target.move({ kind }); stop.reason === 'breakpoint'; ) {
    expect(stop.breakpoints).toEqual([5]);
    found.push((await local(target, 1, 'withdraw', 'left')).value);
    stop = await target.move({ kind });
  }
  return found;
}

export const BREAKS: Claims = {
  'stops where a condition holds, in both directions': async ({ target, lines }) => {
    const condition = 'left < 50 && $lwp === 1';
    expect(await hits(target, lines, { condition }, 'reverse-continue')).toEqual([
      '-20',
      '10',
      '40',
    ]);
    expect(await hits(target, lines, { condition }, 'continue')).toEqual(['40', '10', '-20']);
  },

  'counts hits from the beginning, in both directions': async ({ target, lines }) => {
    const second = { hitCondition: '2' };
    expect(await hits(target, lines, second, 'reverse-continue')).toEqual(['40']);
    expect(await hits(target, lines, second, 'continue')).toEqual(['40']);
    expect(await hits(target, lines, { hitCondition: '>2' }, 'reverse-continue')).toEqual([
      '-20',
      '10',
    ]);
  },

  'logs once each, however often a moment is passed': async ({ target, lines }) => {
    const logged: OutputLine[] = [];
    target.events = { output: (line) => void (line.kind === 'log' && logged.push(line)) };
    await target.move({ kind: 'start' });
    const log = { logMessage: 'left {left}' };
    expect(await hits(target, lines, log, 'continue')).toEqual([]);
    await target.move({ kind: 'goto', icount: target.lastIcount - 10 });
    await target.move({ kind: 'start' });
    await target.move({ kind: 'continue' });
    const texts = logged.map(({ text }) => text.trim());
    expect(texts).toEqual(['left 70', 'left 40', 'left 10', 'left -20']);
    const icounts = logged.map(({ icount }) => icount);
    expect(icounts).toEqual([...icounts].sort((a, b) => a - b));
    expect(logged[0]).toMatchObject({ lwp: 1, place: { path: OVERDRAWN_PATH } });
  },

  'stops at the entry of a system call by its name': async ({ target }) => {
    await target.move({ kind: 'start' });
    await target.setBreakpoints([{ id: 6, at: { kind: 'function', name: 'mkdir' } }]);
    const stop = await target.move({ kind: 'continue' });
    expect(stop).toMatchObject({ reason: 'function breakpoint', lwp: 1, breakpoints: [6] });
    expect((await target.stack(1))[0].function).toBe('sys_mkdir');
    expect((await target.lwps())[0].syscall).toMatch(/^mkdir\("\/home", 493\)$/);
  },

  'stops where an errno that was asked for is made, going back': async ({ subject }) => {
    const target = await subject.open(ERRNO);
    try {
      await target.setExceptions({ errnos: ['EINVAL'] });
      const stop = await target.move({ kind: 'reverse-continue' });
      expect(stop).toMatchObject({ reason: 'errno', lwp: 1 });
      expect(stop.description).toContain('EINVAL');
      expect(await frameOf(target, 1, 'limit')).toMatchObject({ lineBase1: 16 });
    } finally {
      await target.close();
    }
  },

  'stops where something is thrown, with the frames that throw it': async ({ subject }) => {
    const target = await subject.open(ERRNO);
    try {
      await target.move({ kind: 'start' });
      await target.setExceptions({ verdicts: [], throws: 'all' });
      const stop = await target.move({ kind: 'continue' });
      expect(stop).toMatchObject({ reason: 'throw', lwp: 1, inside: true });
      expect(stop.description).toContain('EINVAL');
      const names = (await target.stack(1)).map((frame) => frame.function);
      expect(names).toEqual(['syscall_wait', 'main', 'runMain']);
      const end = await target.move({ kind: 'continue' });
      expect(end).toMatchObject({ reason: 'end', outcome: { verdict: 'program-error' } });
    } finally {
      await target.close();
    }
  },

  'stops where a field that is watched changes': async ({ target }) => {
    const account = await local(target, 1, 'spend', 'account');
    const { dataId } = await target.dataInfo('balance', account.handle);
    await target.move({ kind: 'start' });
    const at = { kind: 'data', dataId: dataId ?? '', access: 'change' } as const;
    const [answer] = await target.setBreakpoints([{ id: 7, at }]);
    expect(answer).toMatchObject({ id: 7, verified: true });
    const changes: (string | undefined)[] = [];
    let stop = await target.move({ kind: 'continue' });
    for (; stop.reason === 'data breakpoint'; stop = await target.move({ kind: 'continue' })) {
      changes.push(stop.change?.after);
    }
    expect(changes.slice(-3)).toEqual(['70', '40', '10']);
    expect(stop.reason).toBe('verdict');
  },

  'writes to the past, which is a diversion from there': async ({ target, lines }) => {
    const [back] = await hits(target, lines, { hitCondition: '1' }, 'reverse-continue');
    expect(back).toBe('70');
    await target.move({ kind: 'continue' });
    const { id } = await frameOf(target, 1, 'withdraw');
    const written = await target.setExpression('account.owner', '"bob"', id);
    expect(written.value).toBe('"bob"');
    expect(target.stop?.diverted).toBe(true);
    await target.setBreakpoints([]);
    const end = await target.move({ kind: 'continue' });
    expect(end).toMatchObject({ description: 'panic: bob is overdrawn', diverted: true });
  },
};
