/** What is unknown, and what a target cannot do: a sentence each, and nothing else happens. */

import { expect } from 'vitest';
import type { Claims } from '../contract.ts';
import { frameOf, refusal } from './looking.ts';

/** A number that nobody was given. */
const NOBODY = 0x3fffffff;

export const REFUSALS: Claims = {
  'refuses frames, handles, LWPs, bytes and sources that it does not know': async ({ target }) => {
    const asked = [
      () => target.scopes(NOBODY),
      () => target.variables(NOBODY),
      () => target.variables(0),
      () => target.stack(NOBODY),
      () => target.readMemory('no such memory', 0, 1),
      () => target.sourceText('rumpus/kernel/no-such-file.ts'),
      () => target.evaluate('1', { frame: NOBODY, sideEffects: 'refused' }),
      () => target.setVariable(NOBODY, 'x', '1'),
      () => target.stepTargets(NOBODY),
    ];
    for (const one of asked) expect(await refusal(one())).toMatch(/^[^\n]+$/);
  },

  'refuses what it says that it cannot do': async ({ target }) => {
    const can = target.capabilities();
    const { id } = await frameOf(target, 1, 'spend');
    if (!can.forwards) await refusal(target.move({ kind: 'continue' }));
    if (!can.backwards) await refusal(target.move({ kind: 'goto', icount: 1 }));
    if (!can.writes) await refusal(target.setExpression('account.balance', '1', id));
    if (!can.evaluates) {
      await refusal(target.evaluate('account.balance + 1', { frame: id, sideEffects: 'allowed' }));
    }
    const all = [can.forwards, can.backwards, can.writes, can.evaluates, can.dataBreakpoints];
    expect(can.reason === '').toBe(all.every(Boolean) && can.holdsOthers);
    expect(target.stop?.reason).toBe('verdict');
  },

  'takes an expression without side effects at its word': async ({ target }) => {
    const { id } = await frameOf(target, 1, 'spend');
    const asked = { frame: id, sideEffects: 'refused' } as const;
    await refusal(target.evaluate('account.balance = 1000', asked));
    expect((await target.evaluate('account.balance', asked)).value).toBe('10');
  },

  'interrupting it while it stands does nothing': async ({ target }) => {
    const before = target.stop;
    await target.interrupt();
    expect(target.stop).toEqual(before);
  },
};
