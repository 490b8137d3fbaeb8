/** The requests beyond the protocol: `rumpus/…`, over a scripted target. */

import { expect, test } from 'vitest';
import { at } from './client.ts';
import { atEntry } from './fake.ts';

test('rumpus/goto goes to an icount, answers with the moment, and the client sees it', async () => {
  const { client } = await atEntry();
  const there = await client.do('rumpus/goto', { icount: 6 });
  expect(there.body).toMatchObject({ icount: 6, lwp: 1, diverted: false });
  expect((await client.event('continued')).body).toMatchObject({ allThreadsContinued: true });
  expect((await client.event('stopped')).body).toMatchObject({ reason: 'goto' });
});

test('an icount that was never reached is refused, and the client is told where it stands', async () => {
  const { client } = await atEntry();
  const refused = await client.ask('rumpus/goto', { icount: 4711 });
  expect(refused).toMatchObject({ success: false, message: 'The run ends at icount 10.' });
  const again = await client.event('stopped');
  expect(again.body).toMatchObject({ reason: 'pause', rumpus: { icount: 1 } });
  expect((await client.ask('rumpus/goto', { icount: -1 })).message).toMatch(/at least 0/);
});

test.each([
  ['rumpus/schedulingPoint', { backwards: false }, { kind: 'scheduling-point', backwards: false }],
  ['rumpus/switch', { backwards: true }, { kind: 'switch', backwards: true }],
  ['rumpus/event', { event: 'errno' }, { kind: 'event', backwards: false, event: 'errno' }],
  ['rumpus/lastWrite', { dataId: 'd' }, { kind: 'write', backwards: true, dataId: 'd' }],
])('%s %j moves the target', async (command, args, motion) => {
  const { client, target } = await atEntry();
  await client.do('rumpus/goto', { icount: 5 });
  await client.do(command, args);
  expect(target.moves.at(-1)).toEqual(motion);
});

test('an event that does not exist is refused', async () => {
  const { client } = await atEntry();
  const refused = await client.ask('rumpus/event', { event: 'nonsense' });
  expect(refused.message).toMatch(/^There is no event 'nonsense'/);
});

test('the last write of a variable is found by its name', async () => {
  const { client, target } = await atEntry();
  const stack = await client.do('stackTrace', { threadId: 1 });
  const scopes = await client.do('scopes', { frameId: at(stack, 'stackFrames', 0, 'id') });
  const variablesReference = at<number>(scopes, 'scopes', 0, 'variablesReference');
  const there = await client.do('rumpus/lastWrite', { variablesReference, name: 'x' });
  expect(there.body).toMatchObject({ icount: 2 });
  expect(target.moves.at(-1)).toMatchObject({ dataId: 'data-x', backwards: true });
  const constant = await client.ask('rumpus/lastWrite', { name: 'limit' });
  expect(constant.message).toBe('It is a constant.');
});

test('rumpus/where says where the target stands, and that it moves', async () => {
  const { client } = await atEntry({ endless: true });
  const where = await client.do('rumpus/where');
  expect(where.body).toMatchObject({
    kind: 'live',
    moving: false,
    stop: { reason: 'entry', icount: 1 },
    lastIcount: 10,
    diverted: false,
  });
  await client.do('continue', { threadId: 1 });
  expect((await client.do('rumpus/where')).body).toMatchObject({ moving: true, stop: null });
});

test('a value at another icount is seen without going there', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 3 });
  const stack = await client.do('stackTrace', { threadId: 1 });
  const frameId = at<number>(stack, 'stackFrames', 0, 'id');
  const stops = client.events('stopped').length;
  const there = await client.do('rumpus/watchAt', { expression: 'x', icount: 9 });
  expect(there.body).toMatchObject({ result: '3', type: 'number', icount: 9 });
  expect(client.events('stopped')).toHaveLength(stops);
  expect((await client.do('rumpus/where')).body).toMatchObject({ icount: 3 });
  // Frames that the client holds are still those of this moment.
  const here = await client.do('evaluate', { expression: 'x', frameId, context: 'watch' });
  expect(here.body).toMatchObject({ result: '1' });
  const wrong = await client.ask('rumpus/watchAt', { expression: 'y', icount: 9 });
  expect(wrong.message).toBe('There is no y here.');
  expect((await client.do('rumpus/where')).body).toMatchObject({ icount: 3 });
});

test('questions that come during a look at another moment are answered at this one', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 3 });
  const look = client.ask('rumpus/watchAt', { expression: 'x', icount: 9 });
  const stack = await client.do('stackTrace', { threadId: 1 });
  expect(stack.body).toMatchObject({ stackFrames: [{ name: 'helper', line: 10 }, { line: 2 }] });
  expect((await look).success).toBe(true);
});

test('bookmarks are moments with a name', async () => {
  const { client } = await atEntry();
  await client.move('next');
  const added = await client.do('rumpus/bookmark', { action: 'add', name: 'here' });
  expect(added.body).toEqual({
    bookmark: { id: 1, name: 'here', icount: 2, lwp: 1, path: 'tests/race.ts', lineBase1: 2 },
  });
  await client.do('rumpus/goto', { icount: 7 });
  expect((await client.do('rumpus/bookmark', { action: 'goto', id: 1 })).body).toMatchObject({
    icount: 2,
  });
  await client.do('rumpus/bookmark', { action: 'remove', id: 1 });
  expect((await client.do('rumpus/bookmark', { action: 'list' })).body).toEqual({ bookmarks: [] });
  const gone = await client.ask('rumpus/bookmark', { action: 'goto', id: 1 });
  expect(gone.message).toBe('There is no bookmark 1.');
});

test('views: the schedule in lanes, events of a kind, system calls of an LWP', async () => {
  const { client } = await atEntry();
  await client.do('rumpus/goto', { icount: 6 });
  expect((await client.do('rumpus/schedule')).body).toMatchObject({
    icount: 6,
    lastIcount: 10,
    runs: [
      { lwp: 1, cpu: 0, from: 1, to: 4 },
      { lwp: 2, cpu: 0, from: 4, to: 5, name: 'worker#2' },
      { lwp: 1, cpu: 0, from: 5, to: 7, name: 'main#1' },
    ],
  });
  expect((await client.do('rumpus/events', { event: 'sched' })).body).toMatchObject({
    events: [{ icount: 4 }, { icount: 5 }],
  });
  expect((await client.do('rumpus/syscalls', { lwp: 1 })).body).toMatchObject({
    lwp: 1,
    events: [{ icount: 1, kind: 'syscall:enter' }],
  });
  expect((await client.ask('rumpus/locks')).message).toBe('A scripted run has no state.');
});
