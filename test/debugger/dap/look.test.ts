/** Looking at a scripted target: threads, stacks, variables, evaluation, memory. */

import { expect, test } from 'vitest';
import { at, type RawClient } from './client.ts';
import { atEntry, fake, RACE } from './fake.ts';

/** The first frame of an LWP. */
async function topFrame(client: RawClient, threadId = 1): Promise<number> {
  return at(await client.do('stackTrace', { threadId }), 'stackFrames', 0, 'id');
}

/** The locals of the first frame. */
async function locals(client: RawClient): Promise<number> {
  const scopes = await client.do('scopes', { frameId: await topFrame(client) });
  return at(scopes, 'scopes', 0, 'variablesReference');
}

test('a thread is an LWP, with its process, CPU, state and wait channel', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 4 });
  expect((await client.do('threads')).body).toEqual({
    threads: [
      { id: 1, name: 'LWP 1 main, race.ts[1], cpu 0, sleeping on pipe' },
      { id: 2, name: 'LWP 2 worker, race.ts[1], cpu 0, running' },
    ],
  });
});

test('stacks come in pages; subtle frames and modules are marked', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 8 });
  const whole = await client.do('stackTrace', { threadId: 1 });
  expect(whole.body).toMatchObject({
    totalFrames: 3,
    stackFrames: [
      {
        name: 'mutex_enter',
        moduleId: 'kern',
        presentationHint: 'subtle',
        line: 5,
        column: 3,
        canRestart: true,
        source: { path: 'rumpus/kernel/kern/kern_mutex.ts', sourceReference: 1 },
      },
      { name: 'helper', line: 10, source: { path: '/fake/tests/race.ts' } },
      { name: 'main', line: 3 },
    ],
  });
  const page = await client.do('stackTrace', { threadId: 1, startFrame: 1, levels: 1 });
  expect(page.body).toMatchObject({ totalFrames: 3, stackFrames: [{ name: 'helper' }] });
  expect(at(page, 'stackFrames', 0, 'id')).toBe(at(whole, 'stackFrames', 1, 'id'));
});

test('an LWP that does not run has a stack too', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 6 });
  const stack = await client.do('stackTrace', { threadId: 2 });
  expect(stack.body).toMatchObject({ stackFrames: [{ name: 'worker', line: 20 }] });
});

test('scopes and variables, in pages, with what the engine may have dropped', async () => {
  const { client } = await atEntry();
  const scopes = await client.do('scopes', { frameId: await topFrame(client) });
  expect(scopes.body).toMatchObject({
    scopes: [
      { name: 'Locals', presentationHint: 'locals', expensive: false, namedVariables: 1 },
      { name: 'LWP', expensive: true },
    ],
  });
  const variablesReference = at<number>(scopes, 'scopes', 0, 'variablesReference');
  const list = await client.do('variables', { variablesReference });
  expect(list.body).toMatchObject({
    variables: [
      { name: 'x', value: '0', type: 'number', evaluateName: 'x', variablesReference: 0 },
      { name: 'list', indexedVariables: 100, presentationHint: { attributes: ['readOnly'] } },
      { name: 'gone', value: 'undefined (may be optimised away)' },
      { name: 'data', memoryReference: 'bytes-1' },
    ],
  });
  const inside = at<number>(list, 'variables', 1, 'variablesReference');
  const paging = { filter: 'indexed', start: 10, count: 2 };
  const page = await client.do('variables', { variablesReference: inside, ...paging });
  expect(at<{ value: string }[]>(page, 'variables').map(({ value }) => value)).toEqual([
    '100',
    '121',
  ]);
});

test('what was shown before a move is refused after it', async () => {
  const { client } = await atEntry();
  const variablesReference = await locals(client);
  const frameId = await topFrame(client);
  await client.move('next');
  expect((await client.ask('variables', { variablesReference })).message).toMatch(/has moved/);
  expect((await client.ask('scopes', { frameId })).message).toMatch(/has moved/);
});

test('hover and watch change nothing; the console may, and says that it is a diversion', async () => {
  const { client } = await atEntry();
  const frameId = await topFrame(client);
  for (const context of ['hover', 'watch', 'clipboard']) {
    const looked = await client.do('evaluate', { expression: 'x', frameId, context });
    expect(looked.body).toMatchObject({ result: '0', type: 'number' });
    const refused = await client.ask('evaluate', { expression: 'x = 5', frameId, context });
    expect(refused.message).toBe('This would change something.');
  }
  const told = await client.do('evaluate', { expression: 'x = 5', frameId, context: 'repl' });
  expect(told.body).toMatchObject({ result: '5' });
  expect(client.events('invalidated').at(-1)?.body).toEqual({ areas: ['variables'] });
  const wrong = await client.ask('evaluate', { expression: 'nothing', context: 'repl' });
  expect(wrong).toMatchObject({ success: false, message: 'There is no nothing here.' });
});

test('a write in the past is a diversion, which is said once and stands at every stop', async () => {
  const { client } = await atEntry();
  const variablesReference = await locals(client);
  const set = await client.do('setVariable', { variablesReference, name: 'x', value: '42' });
  expect(set.body).toMatchObject({ value: '42', type: 'number' });
  const frameId = await topFrame(client);
  await client.do('setExpression', { expression: 'x', value: '43', frameId });
  const important = client
    .events('output')
    .filter(({ body }) => body?.['category'] === 'important');
  expect(important.map(({ body }) => body?.['output'])).toEqual([
    expect.stringMatching(/^This is a diversion from icount 1 on/),
  ]);
  const stopped = await client.move('next');
  expect(stopped.body).toMatchObject({ description: '(diversion)', rumpus: { diverted: true } });
});

test('a target that cannot be written refuses with its reason', async () => {
  const reason = 'A core cannot be written to.';
  const { client } = await atEntry({ can: { writes: false, reason } });
  const variablesReference = await locals(client);
  const refused = await client.ask('setVariable', { variablesReference, name: 'x', value: '1' });
  expect(refused).toMatchObject({ success: false, message: reason });
});

test('completions replace the word before the cursor', async () => {
  const { client } = await atEntry();
  const found = await client.do('completions', { text: 'kernel.v', column: 9 });
  expect(found.body).toEqual({
    targets: [{ label: 'vp', type: 'variable', start: 8, length: 1 }],
  });
});

test('bytes are read and written in base64, and what does not fit is refused', async () => {
  const { client, target } = await atEntry();
  const memoryReference = 'bytes-1';
  const read = await client.do('readMemory', { memoryReference, offset: 6, count: 4 });
  expect(read.body).toEqual({ address: '0x6', data: 'Bwg=', unreadableBytes: 2 });
  const data = Buffer.from([9, 9]).toString('base64');
  const written = await client.do('writeMemory', { memoryReference, offset: 1, data });
  expect(written.body).toMatchObject({ bytesWritten: 2 });
  expect([...target.bytes]).toEqual([1, 9, 9, 4, 5, 6, 7, 8]);
  expect(client.events('memory')[0].body).toEqual({ memoryReference, offset: 1, count: 2 });
  const tooMuch = await client.ask('writeMemory', { memoryReference, offset: 7, data });
  expect(tooMuch.message).toMatch(/do not fit/);
  const partly = { memoryReference, offset: 7, data, allowPartial: true };
  expect((await client.do('writeMemory', partly)).body).toMatchObject({ bytesWritten: 1 });
  const garbage = await client.ask('writeMemory', { memoryReference, data: '*' });
  expect(garbage.message).toMatch(/base64/);
});

test('a client that counts from 0 is answered from 0', async () => {
  const { client } = fake();
  await client.initialize({ linesStartAt1: false, columnsStartAt1: false });
  await client.do('launch', { ...RACE, stopOnEntry: true });
  const source = { path: '/fake/tests/race.ts' };
  const set = await client.do('setBreakpoints', { source, breakpoints: [{ line: 9 }] });
  expect(set.body).toMatchObject({ breakpoints: [{ line: 9, column: 2 }] });
  await client.do('configurationDone');
  await client.event('stopped');
  const stopped = await client.move('continue');
  expect(stopped.body).toMatchObject({ rumpus: { icount: 3 } });
  const stack = await client.do('stackTrace', { threadId: 1 });
  expect(stack.body).toMatchObject({ stackFrames: [{ line: 9, column: 2 }, { line: 1 }] });
});
