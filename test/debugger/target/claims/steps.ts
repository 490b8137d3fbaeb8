/** Steps of one LWP, forwards and backwards, whatever runs in between. */

import { expect } from 'vitest';
import type { Motion, Stop, Target } from '../../../../debugger/target/index.ts';
import type { Claims } from '../contract.ts';
import { OVERDRAWN_PATH } from '../programs.ts';
import { frameOf, local, placeIn } from './looking.ts';

type How = Extract<Motion, { kind: 'step' }>['how'];

/** Steps LWP 1; gives where it then stands, as `function line`. */
async function step(target: Target, how: How, more: { target?: string } = {}): Promise<string> {
  return standing(target, await target.move({ kind: 'step', how, lwp: 1, ...more }));
}

async function standing(target: Target, stop: Stop): Promise<string> {
  const [frame] = await target.stack(stop.lwp);
  expect(frame).toMatchObject({ path: stop.place.path, lineBase1: stop.place.lineBase1 });
  return `${frame.function} ${stop.place.lineBase1}`;
}

/** Goes to the first time that a line of the program is about to run. */
async function runTo(target: Target, lineBase1: number): Promise<Stop> {
  await target.move({ kind: 'start' });
  await target.setBreakpoints([{ id: 1, at: { kind: 'source', path: OVERDRAWN_PATH, lineBase1 } }]);
  const stop = await target.move({ kind: 'continue' });
  expect(stop).toMatchObject({ reason: 'breakpoint', place: { lineBase1 } });
  await target.setBreakpoints([]);
  return stop;
}

export const STEPS: Claims = {
  'steps over, into and out of a function': async ({ target, lines }) => {
    const line = (text: string) => placeIn(lines, text)[0];
    const call = line('account.balance = withdraw');
    await runTo(target, call);
    expect(await step(target, 'in')).toBe(`withdraw ${line('const left =')}`);
    expect(await step(target, 'over')).toBe(`withdraw ${line('account.past.push')}`);
    expect(await step(target, 'out')).toMatch(/^spend /);
    expect((await local(target, 1, 'spend', 'account')).value).toContain('balance:');
    await runTo(target, call);
    expect(await step(target, 'over')).toBe(`spend ${call}`);
    expect((await local(target, 1, 'spend', 'i')).value).toBe('1');
  },

  'steps into a system call in its own function': async ({ target, lines }) => {
    const [mkdir] = placeIn(lines, 'sys.mkdir(');
    await runTo(target, mkdir);
    expect(await step(target, 'in')).toMatch(/^sys_mkdir /);
    expect(target.stop?.place.path).toMatch(/^rumpus\/kernel\/vfs\//);
    expect(await step(target, 'out')).toBe(`main ${mkdir + 1}`);
  },

  'steps over a call in which other LWPs run, and stays with its own': async ({
    target,
    lines,
  }) => {
    const [sleep] = placeIn(lines, 'sys.nanosleep');
    const before = await runTo(target, sleep);
    expect(await step(target, 'over')).toBe(`main ${sleep + 1}`);
    expect(target.stop?.lwp).toBe(1);
    expect(target.stop?.virtualTimeNs).toBeGreaterThanOrEqual(before.virtualTimeNs + 1_000_000);
    expect(await step(target, 'back')).toBe(`main ${sleep}`);
    expect(target.stop?.icount).toBe(before.icount);
  },

  'steps back into the end of a call, and back out of it': async ({ target, lines }) => {
    const [mkdir] = placeIn(lines, 'sys.mkdir(');
    const at = await runTo(target, mkdir + 1);
    expect(await step(target, 'back-in')).not.toMatch(/^main /);
    expect(target.stop?.icount).toBeLessThan(at.icount);
    for (
      let i = 0;
      i < 30 && !(await standing(target, target.stop as Stop)).startsWith('main');
      i++
    ) {
      await step(target, 'back-out');
    }
    expect(await standing(target, target.stop as Stop)).toBe(`main ${mkdir}`);
  },

  'restarts a frame at the entry of its function': async ({ target, lines }) => {
    const spend = await frameOf(target, 1, 'spend');
    const stop = await target.move({ kind: 'restart-frame', frame: spend.id });
    expect(stop.place).toMatchObject({
      path: OVERDRAWN_PATH,
      lineBase1: placeIn(lines, 'for (let i = 0')[0],
    });
    expect((await local(target, 1, 'spend', 'times')).value).toBe('250');
  },

  'goes to where another LWP ran, and back to the switch': async ({ target }) => {
    const end = target.stop as Stop;
    const before = await target.move({ kind: 'switch', backwards: true });
    expect(before.icount).toBeLessThan(end.icount);
    const again = await target.move({ kind: 'switch', backwards: true });
    expect(again.icount).toBeLessThan(before.icount);
    expect(again.lwp).not.toBe(before.lwp);
    const forward = await target.move({ kind: 'switch', backwards: false });
    expect([forward.icount, forward.lwp]).toEqual([before.icount, before.lwp]);
  },

  'goes to the scheduling point before, and to the one after': async ({ target }) => {
    const end = target.stop as Stop;
    const before = await target.move({ kind: 'scheduling-point', backwards: true });
    expect(before.icount).toBeLessThan(end.icount);
    const first = await target.move({ kind: 'scheduling-point', backwards: true });
    expect(first.icount).toBeLessThan(before.icount);
    const forward = await target.move({ kind: 'scheduling-point', backwards: false });
    expect(forward.icount).toBe(before.icount);
  },

  'goes to the event of a kind before, and to the one after': async ({ target }) => {
    const calls = (await target.trace(1000)).filter(({ kind }) => kind === 'syscall:enter');
    const [mkdir, nanosleep] = calls.slice(-2);
    expect([mkdir.text, nanosleep.text]).toEqual(['mkdir("/home")', 'nanosleep(1000000)']);
    const event = 'syscall:enter';
    const last = await target.move({ kind: 'event', backwards: true, event });
    expect([last.icount, last.lwp]).toEqual([nanosleep.icount, 1]);
    const before = await target.move({ kind: 'event', backwards: true, event });
    expect(before.icount).toBe(mkdir.icount);
    for (const { text } of [mkdir, nanosleep]) {
      await target.move({ kind: 'event', backwards: false, event });
      const passed = (await target.trace(1000)).filter(({ kind }) => kind === event);
      expect(passed.at(-1)?.text).toBe(text);
    }
  },
};
