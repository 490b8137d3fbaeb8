/** Data of real runs: fields that are watched, bytes that are written. */

import { expect, test } from 'vitest';
import { at, type Message } from './client.ts';
import { LEDGER, lineOf, PANICS, stackOf, standing, variablesOf } from './live.ts';

const icountOf = (message: Message) => at<number>(message, 'rumpus', 'icount');
const SOURCE = { path: LEDGER };

test('a data breakpoint on a field stops at its change, and the last write is found', async () => {
  const line = lineOf('const one =');
  const { client } = await standing(PANICS, (one) =>
    one.do('setBreakpoints', { source: SOURCE, breakpoints: [{ line }] }),
  );
  const { variables } = await variablesOf(client, 1, 'Locals');
  const account = variables.find(({ name }) => name === 'account');
  const variablesReference = account?.variablesReference;
  const info = await client.do('dataBreakpointInfo', { name: 'balance', variablesReference });
  expect(at<string>(info, 'dataId')).not.toBeNull();
  const breakpoints = [{ dataId: at(info, 'dataId'), accessType: 'write' }];
  await client.do('setBreakpoints', { source: SOURCE, breakpoints: [] });
  const set = await client.do('setDataBreakpoints', { breakpoints });
  expect(set.body).toMatchObject({ breakpoints: [{ verified: true }] });
  const changed = await client.move('continue');
  expect(changed.body).toMatchObject({
    reason: 'data breakpoint',
    rumpus: { change: { access: 'write', before: '0', after: '10' } },
  });
  const again = await client.move('continue');
  expect(icountOf(again)).toBeGreaterThan(icountOf(changed));
  // It stands after the write; the last one is this very write, and before it there is the first.
  const dataId = at<string>(info, 'dataId');
  const last = await client.do('rumpus/lastWrite', { dataId });
  expect(last.body?.['icount']).toBe(icountOf(again) - 1);
  const first = await client.do('rumpus/lastWrite', { dataId });
  expect(first.body?.['icount']).toBe(icountOf(changed) - 1);
  await client.do('disconnect');
});

test('the bytes of a block are read and written', async () => {
  const { client } = await standing(PANICS);
  await client.do('setBreakpoints', {
    source: SOURCE,
    breakpoints: [{ line: lineOf('account.block[0]') }],
  });
  const stop = await client.move('reverseContinue');
  const [{ id }] = await stackOf(client, at(stop, 'threadId'));
  const block = await client.do('evaluate', {
    expression: 'account.block',
    frameId: id,
    context: 'watch',
  });
  const memoryReference = at<string>(block, 'memoryReference');
  const read = await client.do('readMemory', { memoryReference, offset: 0, count: 64 });
  expect(Buffer.from(at<string>(read, 'data'), 'base64')).toHaveLength(16);
  expect(read.body).toMatchObject({ address: '0x0', unreadableBytes: 48 });
  const data = Buffer.from([0xfe]).toString('base64');
  await client.do('writeMemory', { memoryReference, offset: 3, data });
  const after = await client.do('readMemory', { memoryReference, offset: 3, count: 1 });
  expect(at(after, 'data')).toBe(data);
  // What was written is written again by every run that passes here.
  const icount = at<number>(stop, 'rumpus', 'icount');
  await client.do('rumpus/goto', { icount: icount - 50 });
  const later = { expression: 'account.block[3]', icount: icount + 20, lwp: 1 };
  expect((await client.do('rumpus/watchAt', later)).body).toMatchObject({ result: '254' });
  await client.do('disconnect');
});
