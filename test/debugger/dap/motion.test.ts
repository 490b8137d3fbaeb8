/** Motion over a scripted target: stepping, breakpoints, going back, pause, cancel, restarts. */

import { expect, test } from 'vitest';
import { at, type Message, type RawClient } from './client.ts';
import { atEntry, fake, RACE } from './fake.ts';
import { PROGRAM } from './fake-run.ts';

const icountOf = (stopped: Message) => at<number>(stopped, 'rumpus', 'icount');
const SOURCE = { path: '/fake/tests/race.ts' };

function lines(client: RawClient, ...wanted: object[]): Promise<Message> {
  return client.do('setBreakpoints', { source: SOURCE, breakpoints: wanted });
}

test('steps go with their LWP: over, in, out and back', async () => {
  const { client, target } = await atEntry();
  const visited = [];
  for (const command of ['next', 'stepIn', 'stepOut', 'stepBack']) {
    visited.push(icountOf(await client.move(command)));
  }
  expect(visited).toEqual([2, 3, 6, 2]);
  visited.length = 0;
  for (const command of ['next', 'rumpus/stepBackIn', 'rumpus/stepBackOut']) {
    visited.push(icountOf(await client.move(command)));
  }
  expect(visited).toEqual([6, 5, 2]);
  const granular = { threadId: 1, granularity: 'line', singleThread: true };
  await client.move('next', granular);
  expect(target.moves.at(-1)).toEqual({
    kind: 'step',
    how: 'over',
    lwp: 1,
    granularity: 'line',
    only: true,
  });
});

test('a step may go into a chosen function', async () => {
  const { client, target } = await atEntry();
  const stack = await client.do('stackTrace', { threadId: 1 });
  const frameId = at<number>(stack, 'stackFrames', 0, 'id');
  const targets = await client.do('stepInTargets', { frameId });
  expect(targets.body).toMatchObject({ targets: [{ label: 'helper' }, { label: 'other' }] });
  const targetId = at<number>(targets, 'targets', 1, 'id');
  await client.move('stepIn', { threadId: 1, targetId });
  expect(target.moves.at(-1)).toMatchObject({ how: 'in', target: 'other' });
});

test('breakpoints stop forwards and backwards, and say which was hit', async () => {
  const { client } = await atEntry();
  const set = await lines(client, { line: 10 }, { line: 4 });
  expect(set.body).toMatchObject({
    breakpoints: [
      { verified: true, line: 10, source: { path: '/fake/tests/race.ts' } },
      { verified: true, line: 4 },
    ],
  });
  const first = await client.move('continue');
  expect(first.body).toMatchObject({ reason: 'breakpoint', rumpus: { icount: 3 } });
  expect(at(first, 'hitBreakpointIds')).toEqual([at(set, 'breakpoints', 0, 'id')]);
  expect(icountOf(await client.move('continue'))).toBe(7);
  expect(icountOf(await client.move('reverseContinue'))).toBe(3);
  const start = await client.move('reverseContinue');
  expect(start.body).toMatchObject({ reason: 'entry', rumpus: { icount: 1 } });
  expect(at(start, 'description')).toMatch(/nothing before it/);
});

test('a breakpoint keeps its number while its place and condition stay', async () => {
  const { client, target } = await atEntry();
  const first = await lines(client, { line: 3 }, { line: 4 });
  const second = await lines(client, { line: 4 }, { line: 3, condition: 'x > 1' });
  const id = (response: Message, n: number) => at<number>(response, 'breakpoints', n, 'id');
  expect(id(second, 0)).toBe(id(first, 1));
  expect(id(second, 1)).not.toBe(id(first, 0));
  expect(target.breakpoints).toMatchObject([{ at: { lineBase1: 4 } }, { condition: 'x > 1' }]);
});

test('a file that is not in the image has an unverified breakpoint with the reason', async () => {
  const { client } = await atEntry();
  const wrong = { source: { path: '/elsewhere/b.ts' }, breakpoints: [{ line: 1 }] };
  expect((await client.do('setBreakpoints', wrong)).body).toMatchObject({
    breakpoints: [{ verified: false, message: 'This file is not in the image.', reason: 'failed' }],
  });
});

test('conditions, hit counts and log points reach the target; logs come with their moment', async () => {
  const { client, target } = await atEntry();
  await lines(
    client,
    { line: 10, logMessage: 'x is {x}' },
    { line: 4, condition: '$lwp === 1', hitCondition: '>2' },
  );
  expect(target.breakpoints).toMatchObject([
    { logMessage: 'x is {x}' },
    { condition: '$lwp === 1', hitCondition: '>2' },
  ]);
  await client.move('continue');
  const logs = client.events('output').filter(({ body }) => body?.['category'] === 'console');
  expect(logs[0].body).toMatchObject({
    output: 'x is {x}\n',
    source: { path: '/fake/tests/race.ts' },
    line: 10,
    data: { kind: 'log', icount: 3, lwp: 1 },
  });
});

test('function breakpoints stop at a kernel function', async () => {
  const { client } = await atEntry();
  await client.do('setFunctionBreakpoints', { breakpoints: [{ name: 'mutex_enter' }] });
  const stopped = await client.move('continue');
  expect(stopped.body).toMatchObject({ reason: 'function breakpoint', rumpus: { icount: 8 } });
});

test('exception filters become verdicts, errnos and throws, and a wrong one is refused', async () => {
  const { client, target } = await atEntry();
  const answer = await client.do('setExceptionBreakpoints', {
    filters: ['panic', 'nonsense'],
    filterOptions: [
      { filterId: 'errno', condition: 'EINVAL, ENOENT' },
      { filterId: 'errno', condition: 'EFOO' },
      { filterId: 'throw', condition: 'all' },
    ],
  });
  const expected = { verdicts: ['panic'], errnos: ['EINVAL', 'ENOENT'], throws: 'all' };
  expect(target.exceptions).toEqual(expected);
  expect(answer.body).toEqual({
    breakpoints: [
      { verified: true },
      { verified: false, message: "There is no filter 'nonsense'." },
      { verified: true },
      { verified: false, message: "There is no errno 'EFOO'." },
      { verified: true },
    ],
  });
  await client.do('setExceptionBreakpoints', { filters: ['errno', 'throw'] });
  expect(target.exceptions).toEqual({ verdicts: [], errnos: 'all', throws: 'kernel' });
  const path = [{ names: ['verdict'] }, { names: ['panic'], negate: true }];
  const exceptionOptions = [{ path, breakMode: 'always' }];
  await client.do('setExceptionBreakpoints', { filters: [], exceptionOptions });
  expect(target.exceptions.verdicts).toContain('deadlock');
  expect(target.exceptions.verdicts).not.toContain('panic');
});

test('data breakpoints: what can be watched, how, and the stop', async () => {
  const { client, target } = await atEntry();
  const no = await client.do('dataBreakpointInfo', { name: 'limit' });
  expect(no.body).toMatchObject({ dataId: null, description: 'It is a constant.' });
  const info = await client.do('dataBreakpointInfo', { name: 'x' });
  expect(info.body).toMatchObject({ dataId: 'data-x', accessTypes: ['read', 'write', 'change'] });
  const breakpoints = [{ dataId: 'data-x', accessType: 'write' }];
  await client.do('setDataBreakpoints', { breakpoints });
  expect(target.breakpoints).toMatchObject([{ at: { kind: 'data', access: 'write' } }]);
  expect((await client.move('continue')).body).toMatchObject({ reason: 'data breakpoint' });
});

test('in VS Code "Break on Value Change" means a change', async () => {
  const { client, target } = fake();
  await client.initialize({ clientID: 'vscode' });
  await client.do('launch', RACE);
  await client.do('setDataBreakpoints', { breakpoints: [{ dataId: 'd', accessType: 'write' }] });
  expect(target.breakpoints).toMatchObject([{ at: { access: 'change' } }]);
});

test('places for breakpoints in a range', async () => {
  const { client } = await atEntry();
  const found = await client.do('breakpointLocations', { source: SOURCE, line: 3, endLine: 4 });
  expect(at(found, 'breakpoints')).toEqual([
    { line: 3, column: 3 },
    { line: 4, column: 3 },
  ]);
});

test('goto a line goes to when it ran, and the other breakpoints are back afterwards', async () => {
  const { client, target } = await atEntry();
  await lines(client, { line: 2 });
  const { body } = await client.do('gotoTargets', { source: SOURCE, line: 4 });
  const targets = body?.['targets'] as { id: number; label: string }[];
  expect(targets.map(({ label }) => label)).toEqual([
    'back to when line 4, column 3 last ran',
    'on to when line 4, column 3 runs next',
  ]);
  const stopped = await client.move('goto', { threadId: 1, targetId: targets[1].id });
  expect(stopped.body).toMatchObject({ reason: 'goto', rumpus: { icount: 9 } });
  expect(at(stopped, 'hitBreakpointIds')).toBeUndefined();
  expect(target.breakpoints).toMatchObject([{ at: { path: PROGRAM, lineBase1: 2 } }]);
});

test('restart frame goes to the entry of its function', async () => {
  const { client, target } = await atEntry();
  const stack = await client.do('stackTrace', { threadId: 1 });
  const frameId = at<number>(stack, 'stackFrames', 0, 'id');
  const stopped = await client.move('restartFrame', { frameId });
  expect(stopped.body).toMatchObject({ reason: 'restart', rumpus: { icount: 3 } });
  expect(target.moves.at(-1)).toEqual({ kind: 'restart-frame', frame: 100 });
});

test('while the program runs questions are refused with notStopped; pause stops it', async () => {
  const { client } = await atEntry({ endless: true });
  await client.do('continue', { threadId: 1 });
  const refused = await client.ask('stackTrace', { threadId: 1 });
  expect(refused).toMatchObject({ success: false, message: 'notStopped' });
  expect(at(refused, 'error', 'format')).toBe('The program runs: pause it first.');
  expect((await client.ask('next', { threadId: 1 })).message).toBe('notStopped');
  expect(at(await client.do('threads'), 'threads', 0, 'id')).toBe(1);
  await client.do('pause', { threadId: 1 });
  expect((await client.event('stopped')).body).toMatchObject({ reason: 'pause' });
  // What stands already is told once more.
  const again = await client.move('pause');
  expect(again.body).toMatchObject({ reason: 'pause' });
  await client.do('stackTrace', { threadId: 1 });
});

test('of two motions at once the second is refused', async () => {
  const { client } = await atEntry();
  const [first, second] = [
    client.ask('next', { threadId: 1 }),
    client.ask('next', { threadId: 1 }),
  ];
  expect((await first).success).toBe(true);
  expect((await second).message).toBe('notStopped');
  await client.event('stopped');
  expect(client.events('stopped')).toHaveLength(2);
});

test('breakpoints that are set while the program runs take effect, and it runs on', async () => {
  const { client, target } = await atEntry({ endless: true });
  await client.do('continue', { threadId: 1 });
  const set = await lines(client, { line: 4 });
  expect(set.body).toMatchObject({ breakpoints: [{ verified: true }] });
  expect(target.breakpoints).toHaveLength(1);
  expect(client.events('stopped')).toHaveLength(1);
  expect((await client.ask('stackTrace', { threadId: 1 })).message).toBe('notStopped');
  await client.do('pause', { threadId: 1 });
  await client.event('stopped');
});

test('a long reversal reports progress, and can be cancelled', async () => {
  const { client } = await atEntry({ endless: true });
  await client.do('reverseContinue', { threadId: 1 });
  const start = await client.event('progressStart');
  expect(start.body).toMatchObject({ title: 'Going back', cancellable: true, percentage: 25 });
  expect((await client.event('progressUpdate')).body).toMatchObject({ percentage: 75 });
  await client.do('cancel', { progressId: at(start, 'progressId') });
  await client.until('the end of the progress', () => client.events('progressEnd')[0]);
  await client.until('the stop', () => client.events('stopped')[1]);
  const late = await client.ask('cancel', { progressId: at(start, 'progressId') });
  expect(late.message).toMatch(/There is no progress/);
});

test('a move in time tells the client that what it shows is old', async () => {
  const { client } = await atEntry();
  await client.move('next');
  expect(client.events('invalidated')).toEqual([]);
  await client.move('stepBack');
  expect(client.events('invalidated').map(({ body }) => body)).toEqual([{ areas: ['all'] }]);
});

test('LWPs that come and go are told as threads', async () => {
  const { client } = await atEntry();
  await client.do('threads');
  expect(client.events('thread').map(({ body }) => body)).toEqual([
    { reason: 'started', threadId: 1 },
  ]);
  await client.do('rumpus/goto', { icount: 5 });
  await client.do('threads');
  await client.do('rumpus/goto', { icount: 1 });
  await client.do('threads');
  expect(client.events('thread').map(({ body }) => body)).toEqual([
    { reason: 'started', threadId: 1 },
    { reason: 'started', threadId: 2 },
    { reason: 'exited', threadId: 2 },
  ]);
});
