/** Going to other moments: the same icount is the same moment, however it was reached. */

import { expect, vi } from 'vitest';
import { btOf, btText, psOf, psText } from '../../../../corefiles/index.ts';
import type { Stop, Target } from '../../../../debugger/target/index.ts';
import type { Claims } from '../contract.ts';
import { processesLeft } from '../processes.ts';
import { OVERDRAWN_PATH } from '../programs.ts';
import { local, placeIn, refusal, unnumbered } from './looking.ts';

/** All that can be seen of a moment, as text. */
async function momentOf(target: Target): Promise<string> {
  const state = await target.state();
  const stacks: string[] = [];
  for (const { id, stat } of await target.lwps()) {
    const frames = await target.stack(id);
    const places = frames.map((frame) => `${frame.function} ${frame.path}:${frame.lineBase1}`);
    stacks.push(`${id} ${stat}\n${places.join('\n')}`);
  }
  const { icount, place, lwp } = target.stop as Stop;
  const seen = unnumbered(btText(btOf(state)) + psText(psOf(state)));
  return [icount, lwp, JSON.stringify(place), ...stacks, seen].join('\n');
}

/** From here back to what stands at a line of the program. */
async function backTo(target: Target, lineBase1: number): Promise<Stop> {
  await target.setBreakpoints([{ id: 9, at: { kind: 'source', path: OVERDRAWN_PATH, lineBase1 } }]);
  return target.move({ kind: 'reverse-continue' });
}

export const MOVES: Claims = {
  'going to an icount and back gives the same stacks, variables and state': async ({ target }) => {
    const end = target.lastIcount;
    const goto = (icount: number) => target.move({ kind: 'goto', icount });
    expect(await goto(end - 20)).toMatchObject({ reason: 'goto', icount: end - 20, inside: false });
    const first = await momentOf(target);
    await goto(Math.floor(end / 2));
    const middle = await momentOf(target);
    await goto(end - 20);
    expect(await momentOf(target)).toBe(first);
    await goto(Math.floor(end / 2));
    expect(await momentOf(target)).toBe(middle);
    expect(middle).not.toBe(first);
  },

  'starts at the first statement of the program, and runs to the same end': async ({
    target,
    lines,
  }) => {
    const failure = target.stop;
    const start = await target.move({ kind: 'start' });
    const [line] = placeIn(lines, 'const lock = mutex_obj_alloc');
    expect(start).toMatchObject({
      reason: 'entry',
      lwp: 1,
      place: { path: OVERDRAWN_PATH, lineBase1: line, columnBase0: 2 },
    });
    expect(await target.move({ kind: 'continue' })).toEqual(failure);
  },

  'steps back over a call, and forwards again to where it was': async ({ target, lines }) => {
    const [push] = placeIn(lines, 'account.past.push');
    const at = await backTo(target, push);
    expect(at).toMatchObject({ reason: 'breakpoint', breakpoints: [9] });
    const back = await target.move({ kind: 'step', how: 'back', lwp: 1 });
    expect(back.icount).toBeLessThan(at.icount);
    expect(back.place.lineBase1).toBe(push - 1);
    const again = await target.move({ kind: 'step', how: 'over', lwp: 1 });
    expect([again.icount, again.place]).toEqual([at.icount, at.place]);
  },

  'reverse continue goes from one hit of a breakpoint to the one before': async ({
    target,
    lines,
  }) => {
    const [push] = placeIn(lines, 'account.past.push');
    const lefts: string[] = [];
    for (let stop = await backTo(target, push); stop.reason === 'breakpoint'; ) {
      lefts.push((await local(target, 1, 'withdraw', 'left')).value);
      stop = await target.move({ kind: 'reverse-continue' });
    }
    expect(lefts).toEqual(['-20', '10', '40', '70']);
    expect(target.stop?.reason).toBe('start');
    const forward = await target.move({ kind: 'continue' });
    expect(forward.breakpoints).toEqual([9]);
    expect((await local(target, 1, 'withdraw', 'left')).value).toBe('70');
  },

  'finds the last write of a field': async ({ target }) => {
    const account = await local(target, 1, 'spend', 'account');
    const { dataId } = await target.dataInfo('balance', account.handle);
    expect(dataId).not.toBeNull();
    const stop = await target.move({ kind: 'write', backwards: true, dataId: dataId ?? '' });
    expect(stop.change).toMatchObject({ before: '40', after: '10' });
    expect(stop.icount).toBeLessThan(target.lastIcount);
  },

  'forgets the numbers of frames and values when it moves': async ({ target }) => {
    const { handle } = await local(target, 1, 'spend', 'account');
    const [frame] = await target.stack(1);
    await target.move({ kind: 'goto', icount: target.lastIcount - 5 });
    await refusal(target.variables(handle));
    await refusal(target.scopes(frame.id));
  },

  'makes one move at a time': async ({ target }) => {
    const first = target.move({ kind: 'goto', icount: 1000 });
    expect(target.stop).toBeNull();
    expect(await refusal(target.move({ kind: 'goto', icount: 500 }))).not.toBe('');
    expect((await first).icount).toBe(1000);
  },

  'is closed without a process left, twice if need be, and refuses to move then': async ({
    target,
  }) => {
    await target.move({ kind: 'goto', icount: 1000 });
    expect(processesLeft()).not.toEqual([]);
    await target.close();
    await target.close();
    await refusal(target.move({ kind: 'start' }));
    await vi.waitFor(() => expect(processesLeft()).toEqual([]));
  },
};
