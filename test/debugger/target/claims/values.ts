/** Variables of frames: their values, what is inside of them, paths to them, and bytes. */

import { expect } from 'vitest';
import type { Target, Variable } from '../../../../debugger/target/index.ts';
import type { Claims } from '../contract.ts';
import { evaluated, frameOf, inside, local, refusal, unnumbered } from './looking.ts';

export const VALUES: Claims = {
  'shows the variables of every frame with their values': async ({ target }) => {
    expect(await local(target, 1, 'withdraw', 'left')).toMatchObject({
      value: '-20',
      type: 'number',
      handle: 0,
    });
    expect((await local(target, 1, 'spend', 'i')).value).toBe('3');
    const account = await local(target, 1, 'spend', 'account');
    expect(account.type).toBe('Account');
    expect(unnumbered(account.value)).toMatch(/^Account \{owner: "alice", balance: 10,/);
    expect(await inside(target, account, { filter: 'named', count: 2 })).toEqual([
      ['owner', '"alice"'],
      ['balance', '10'],
    ]);
  },

  'shows variables of LWPs that sleep': async ({ target }) => {
    const dreams = await local(target, 2, 'nap', 'dreams');
    expect(dreams).toMatchObject({ type: 'Map', indexed: 2 });
    const entries = await target.variables(dreams.handle);
    expect(entries.map(({ name }) => name)).toEqual(['["first"]', '["second"]']);
    expect(await inside(target, entries[1])).toEqual([['depth', '2']]);
  },

  'gives a part of what is large': async ({ target }) => {
    const squares = await local(target, 1, 'main', 'squares');
    expect(squares).toMatchObject({ indexed: 250, named: 0 });
    expect(await inside(target, squares, { filter: 'indexed', start: 100, count: 3 })).toEqual([
      ['[100]', '10000'],
      ['[101]', '10201'],
      ['[102]', '10404'],
    ]);
    expect(await inside(target, squares)).toHaveLength(250);
    expect(await inside(target, squares, { start: 248, count: 9 })).toHaveLength(2);
    expect(await inside(target, squares, { filter: 'named' })).toEqual([]);
  },

  'shows members of sets': async ({ target }) => {
    const friends = await local(target, 1, 'main', 'friends');
    expect(await inside(target, friends)).toEqual([
      ['[0]', '"bob"'],
      ['[1]', '"carol"'],
    ]);
  },

  'evaluates names of the frame, fields, elements and entries': async ({ target }) => {
    const values = async (expressions: readonly string[]) => {
      const found: string[] = [];
      for (const one of expressions) found.push((await evaluated(target, one, 'main')).value);
      return found;
    };
    const inMain = ['account.balance', 'squares[12]', 'squares.length', 'bytes[255]'];
    expect(await values(inMain)).toEqual(['10', '144', '250', '255']);
    expect((await evaluated(target, 'amount', 'withdraw')).value).toBe('30');
    expect((await evaluated(target, 'lwp(2).wmesg')).value).toBe('"nap"');
    expect((await evaluated(target, 'kernel.procs.get(1).name')).value).toBe('"init"');
  },

  'gives expressions that lead to what they name': async ({ target }) => {
    const frame = await frameOf(target, 1, 'main');
    for (const [lwp, name, variable] of [
      [1, 'main', 'account'],
      [1, 'main', 'friends'],
      [1, 'main', 'bytes'],
      [2, 'nap', 'dreams'],
    ] as const) {
      const outer = await local(target, lwp, name, variable);
      const at = lwp === 1 ? frame.id : (await frameOf(target, lwp, name)).id;
      for (const inner of (await target.variables(outer.handle)).slice(0, 8)) {
        expect(inner.evaluateName).not.toBe('');
        const again = await target.evaluate(inner.evaluateName, {
          frame: at,
          sideEffects: 'refused',
        });
        expect([inner.evaluateName, again.value]).toEqual([inner.evaluateName, inner.value]);
      }
    }
  },

  'refuses an expression that leads nowhere': async ({ target }) => {
    expect(await refusal(evaluated(target, 'acount.balance', 'main'))).toContain('acount');
    expect(await refusal(evaluated(target, 'account.', 'main'))).not.toBe('');
    expect(await refusal(evaluated(target, '', 'main'))).not.toBe('');
  },

  'completes names and fields': async ({ target }) => {
    const { id } = await frameOf(target, 1, 'spend');
    const labels = async (text: string) =>
      (await target.completions(text, text.length, id)).map(({ label }) => label);
    expect(await labels('acc')).toContain('account');
    expect(await labels('account.')).toEqual(expect.arrayContaining(['owner', 'balance', 'past']));
    expect(await labels('account.ba')).toEqual(['balance']);
  },

  'gives the bytes of typed arrays, fewer at the end': async ({ target }) => {
    const bytes: Variable = await local(target, 1, 'main', 'bytes');
    expect(bytes).toMatchObject({ type: 'Uint8Array', indexed: 300 });
    expect(await read(target, bytes, 1, 3)).toEqual([1, 2, 3]);
    expect(await read(target, bytes, 298, 100)).toEqual([42, 43]);
    expect(await read(target, bytes, 300, 8)).toEqual([]);
    expect((await local(target, 1, 'main', 'squares')).memory).toBe('');
  },
};

async function read(
  target: Target,
  { memory }: Variable,
  offset: number,
  count: number,
): Promise<number[]> {
  return [...(await target.readMemory(memory, offset, count))];
}
