/** FORMAT.md is enough for cores too: a reader written from it alone agrees with ours. */

import { expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, on purpose.
import * as independent from '../independent-reader.mjs';
import { coreOf } from './harness.ts';

it.each(['abba', 'trap', 'several'])('on the core of %s', async (name) => {
  const { bytes, core, state } = await coreOf(name);
  const { head, stacks } = independent.readCore(independent.readChunks(bytes));
  expect(head).toEqual(state?.head);
  const ours = core.lwps().map(({ id, current, frames }) => ({
    lwp: id,
    current,
    frames: frames.map(({ function: fn, path, lineBase1, columnBase0, locals }) => {
      const own = locals.filter(({ scope }) => scope === 'local');
      return [fn, path, lineBase1, columnBase0, own.map((one) => [one.name, one.value])];
    }),
  }));
  expect(stacks).toEqual(ours);
});
