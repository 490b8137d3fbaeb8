/** Where a target stands, its LWPs, stacks and scopes, its state and its past events. */

import { expect } from 'vitest';
import { btOf, openCore } from '../../../../corefiles/index.ts';
import type { Claims } from '../contract.ts';
import { ERRNO, OVERDRAWN_PATH, temporaryFolder } from '../programs.ts';
import { frameOf, placeIn, scopeOf } from './looking.ts';

export const INSPECTION: Claims = {
  'stands at the failure, in the LWP that failed, where its innermost frame is': async ({
    target,
    subject,
  }) => {
    const { stop } = target;
    expect(target.kind).toBe(subject.kind);
    expect(stop).toMatchObject({
      reason: 'verdict',
      lwp: 1,
      description: 'panic: alice is overdrawn',
      inside: true,
      diverted: false,
      outcome: { verdict: 'panic', message: 'alice is overdrawn', icount: stop?.icount },
    });
    expect(target.lastIcount).toBe(stop?.icount);
    const [{ path, lineBase1, columnBase0 }] = await target.stack(1);
    expect(stop?.place).toEqual({ path, lineBase1, columnBase0 });
  },

  'lists every LWP with what it does': async ({ target }) => {
    const lwps = await target.lwps();
    expect(lwps.map(({ id, stat, wmesg, pid, cpu }) => [id, stat, wmesg, pid, cpu])).toEqual([
      [1, 'running', '', 1, 0],
      [2, 'sleeping', 'nap', 1, 0],
      [3, 'sleeping', 'pillow', 1, 0],
    ]);
    expect(lwps.map(({ current }) => current)).toEqual([true, false, false]);
    expect(lwps[0]).toMatchObject({ name: 'main', kernel: 'kernel', procName: 'init' });
  },

  'shows the stack of the LWP that runs, innermost first, with exact places': async ({
    target,
    lines,
  }) => {
    const stack = await target.stack(1);
    const own = stack.filter(({ path }) => path === OVERDRAWN_PATH);
    expect(own.map((frame) => [frame.function, frame.lineBase1, frame.columnBase0])).toEqual([
      ['withdraw', ...placeIn(lines, 'panic(`')],
      ['spend', ...placeIn(lines, 'withdraw(account, 30)')],
      ['main', ...placeIn(lines, 'yield* spend')],
    ]);
    expect(stack[0]).toMatchObject({
      function: 'panic',
      path: 'rumpus/kernel/kern/subr_prf.ts',
      module: 'kern',
    });
    expect(own.map(({ lwp, module }) => [lwp, module])).toEqual(own.map(() => [1, 'overdrawn.ts']));
  },

  'shows the stack of every LWP that sleeps, down to where it sleeps': async ({
    target,
    lines,
  }) => {
    for (const { id } of await target.lwps()) expect(await target.stack(id)).not.toEqual([]);
    const napping = (await target.stack(2)).map((frame) => frame.function);
    expect(napping.slice(napping.indexOf('kpause'))).toEqual(['kpause', 'nap']);
    const nap = await frameOf(target, 2, 'nap');
    expect([nap.lineBase1, nap.columnBase0]).toEqual(placeIn(lines, 'yield* kpause'));
    expect(await frameOf(target, 3, 'mutex_vector_enter')).toMatchObject({ lwp: 3, subtle: true });
  },

  'gives frames numbers of their own': async ({ target }) => {
    const stacks = await Promise.all([1, 2, 3].map((lwp) => target.stack(lwp)));
    const ids = stacks.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await target.stack(1)).map(({ id }) => id)).toEqual(stacks[0].map(({ id }) => id));
  },

  'has scopes for variables, the LWP, its process, CPU, locks and kernel': async ({ target }) => {
    const main = await frameOf(target, 1, 'main');
    const names = (await target.scopes(main.id)).map(({ name }) => name);
    expect(names).toContain('Locals');
    expect(names.slice(names.indexOf('LWP'))).toEqual(['LWP', 'Process', 'CPU', 'Kernel']);
    const nap = await frameOf(target, 2, 'nap');
    const held = await scopeOf(target, nap.id, 'Held locks');
    const [lock] = await target.variables(held.handle, { filter: 'indexed' });
    expect(lock).toMatchObject({ name: '[0]', type: 'KMutex' });
    expect(lock.value).toContain("mutex 'pillow'");
    const lwp = await scopeOf(target, nap.id, 'LWP');
    const wmesg = (await target.variables(lwp.handle)).find(({ name }) => name === 'wmesg');
    expect(wmesg).toMatchObject({ value: '"nap"', evaluateName: 'lwp(2).wmesg' });
  },

  'gives its state as a core says it': async ({ target }) => {
    const state = await target.state();
    expect(state.icount).toBe(target.stop?.icount);
    const places = btOf(state, [1])[0].frames.map(({ path, line, column }) => [path, line, column]);
    const stack = await target.stack(1);
    expect(places).toEqual(
      stack.map(({ path, lineBase1, columnBase0 }) => [path, lineBase1, columnBase0 + 1]),
    );
    expect(state.lwps().map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(state.locks()).toMatchObject([{ name: 'pillow', owner: 2, waiters: [3] }]);
  },

  'gives the last events, oldest first, none of them later than here': async ({ target }) => {
    const events = await target.trace(5);
    expect(events).toHaveLength(5);
    const icounts = events.map(({ icount }) => icount);
    expect(icounts).toEqual([...icounts].sort((a, b) => a - b));
    expect(icounts.at(-1)).toBeLessThanOrEqual(target.stop?.icount ?? 0);
    const all = await target.trace(10_000);
    expect(all.slice(-5)).toEqual(events);
    expect(all.some(({ kind, text }) => kind === 'syscall:enter' && text.includes('mkdir'))).toBe(
      true,
    );
  },

  'saves a core and a recording that others can open': async ({ target }) => {
    const folder = temporaryFolder();
    try {
      await target.saveCore(folder.file('a.core'));
      const core = openCore(folder.file('a.core'));
      expect(core).toMatchObject({ verdict: 'panic', message: 'alice is overdrawn' });
      expect(core.lwps().map(({ id }) => id)).toEqual([1, 2, 3]);
      await target.saveRecording(folder.file('a.rumpus'));
      const { recording } = openCore(folder.file('a.rumpus'));
      expect(recording.complete).toBe(true);
      expect(recording.data.end.icount).toBe(target.lastIcount);
    } finally {
      folder.remove();
    }
  },

  'says which statement made the errno that a program failed with': async ({ subject }) => {
    const target = await subject.open(ERRNO);
    try {
      const text = await target.why();
      expect(text).toContain('EINVAL');
      expect(text).toContain('limit (rumpus/test/debugger/programs/errno.ts:16');
    } finally {
      await target.close();
    }
  },
};
