/** The course of a session, over a scripted target. */

import { expect, test } from 'vitest';
import { at, joined } from './client.ts';
import { PROGRAM, RUN, TEXT } from './fake-run.ts';
import { atEntry, fake, RACE } from './fake.ts';
import { FakeTarget } from './fake-target.ts';

test('launch, configurationDone, stop at the entry, disconnect', async () => {
  const { client, target, stopped, ended, opened } = await atEntry();
  expect(opened[0]).toMatchObject({ kind: 'live', spec: { seed: 1 } });
  expect(stopped.body).toMatchObject({
    reason: 'entry',
    threadId: 1,
    allThreadsStopped: true,
    rumpus: { icount: 1, lastIcount: RUN.length },
  });
  await client.do('disconnect');
  await ended;
  expect(target.closed).toBe(true);
});

test('a run that passes ends with exit status 0, one that fails stops at its verdict', async () => {
  const passing = fake();
  await passing.client.launch(RACE);
  expect((await passing.client.event('exited')).body).toEqual({ exitCode: 0 });
  await passing.client.event('terminated');

  const failing = fake({ verdict: 'panic' });
  await failing.client.launch(RACE);
  const stopped = await failing.client.event('stopped');
  expect(stopped.body).toMatchObject({ reason: 'exception', description: 'panic: it broke' });
  const info = await failing.client.do('exceptionInfo', { threadId: 1 });
  expect(info.body).toMatchObject({
    exceptionId: 'panic',
    description: 'it broke',
    breakMode: 'unhandled',
    details: { stackTrace: `main (${PROGRAM}:5)` },
  });
  await failing.client.do('continue', { threadId: 1 });
  expect((await failing.client.event('exited')).body).toEqual({ exitCode: 1 });
});

test('stopOnVerdict false lets a failing run end with exit status 1', async () => {
  const { client } = fake({ verdict: 'deadlock' });
  await client.launch({ ...RACE, stopOnVerdict: false });
  expect((await client.event('exited')).body).toEqual({ exitCode: 1 });
  expect(client.events('stopped')).toEqual([]);
});

test('stopOnEnd keeps a run that passed, so that one can go back', async () => {
  const { client } = fake();
  await client.launch({ ...RACE, stopOnEnd: true });
  expect((await client.event('stopped')).body).toMatchObject({ reason: 'end' });
  const back = await client.move('stepBack');
  expect(back.body).toMatchObject({ reason: 'step', rumpus: { icount: 9 } });
});

test('a recording is opened at an icount', async () => {
  const { client, opened, target } = fake({ kind: 'replay' });
  await client.launch({ recording: 'race.rumpus', icount: 5 });
  const stopped = await client.event('stopped');
  expect(stopped.body).toMatchObject({ reason: 'goto', rumpus: { icount: 5 } });
  expect(opened[0]).toMatchObject({ kind: 'replay' });
  expect(target.moves.map(({ kind }) => kind)).toEqual(['start', 'goto']);
});

test('a core stands at its panic without having been run, and says what it cannot do', async () => {
  const reason = 'A core that is not trusted is only looked at.';
  const can = { forwards: false, backwards: false, writes: false, dataBreakpoints: false, reason };
  const { client, target } = fake({ kind: 'core', can });
  await client.launch({ core: 'panic.core' });
  expect((await client.event('stopped')).body).toMatchObject({ reason: 'exception' });
  expect(target.moves).toEqual([]);
  const told = client.events('capabilities').map(({ body }) => body?.['capabilities']);
  expect(told).toEqual([
    {
      supportsStepBack: false,
      supportsRestartFrame: false,
      supportsGotoTargetsRequest: false,
      supportsSetVariable: false,
      supportsSetExpression: false,
      supportsWriteMemoryRequest: false,
      supportsDataBreakpoints: false,
    },
  ]);
  for (const command of ['continue', 'next', 'stepBack', 'reverseContinue']) {
    const refused = await client.ask(command, { threadId: 1 });
    expect(refused).toMatchObject({ success: false, message: reason });
  }
});

test('requests out of order are refused in a sentence, and the session goes on', async () => {
  const { client } = fake();
  const sentence = async (command: string, args?: object) => {
    const response = await client.ask(command, args);
    expect(response.success).toBe(false);
    return at<string>(response, 'error', 'format');
  };
  expect(await sentence('launch', RACE)).toMatch(/send initialize first/);
  await client.initialize();
  expect(await sentence('initialize', { adapterID: 'x' })).toMatch(/sent already/);
  expect(await sentence('setBreakpoints', { source: {}, breakpoints: [] })).toMatch(
    /nothing to debug yet/,
  );
  await client.do('launch', { ...RACE, stopOnEntry: true });
  expect(await sentence('next', { threadId: 1 })).toMatch(/has not begun/);
  expect(await sentence('launch', RACE)).toMatch(/debugs race.ts already/);
  await client.do('configurationDone');
  await client.event('stopped');
  expect(await sentence('configurationDone')).toMatch(/sent already/);
  expect(await sentence('noSuchThing')).toBe("There is no request 'noSuchThing' in this debugger.");
  expect(await sentence('next', { threadId: 77 })).toMatch(/no LWP 77/);
  expect(await sentence('next', { threadId: 'x' })).toMatch(/threadId must be a whole number/);
  expect(await sentence('scopes', { frameId: 4711 })).toMatch(/no frame 4711/);
  expect(await sentence('variables', { variablesReference: 4711 })).toMatch(/no value 4711/);
  await client.move('next');
});

test('a launch that cannot be is an error response, and another launch may follow', async () => {
  const { client } = fake();
  await client.initialize();
  const wrong: [object, RegExp][] = [
    [{}, /needs a program, a recording or a core/],
    [{ program: 'a.ts', seed: 'x' }, /seed must be a whole number of at least 0, not "x"/],
    [{ program: 'a.ts', ncpu: 65 }, /ncpu must be at most 64/],
    [{ program: 'a.ts', strategy: 'best' }, /strategy must be auto or surw/],
    [{ program: 'a.ts', knobs: { cpus: 2 } }, /There is no knob 'cpus'/],
    [{ program: 'a.ts', icount: 5 }, /icount goes with a recording/],
    [{ recording: 'a', core: 'b' }, /a recording or a core, not both/],
    [{ program: 'a.ts', args: 'one' }, /args must be a list of texts/],
  ];
  for (const [args, sentence] of wrong) {
    expect((await client.ask('launch', args)).message).toMatch(sentence);
  }
  await client.do('launch', RACE);
});

test('a launch configuration becomes a specification of the run', async () => {
  const { client, opened, target } = fake();
  const knobs = { memlimit: '32m', lockdebug: false };
  const spec = { seed: 7, strategy: 'pct', depth: 2, grain: 'statement', budget: 1000 };
  const more = { args: ['-v'], ncpu: 3, preempt: true, knobs, cwd: '/fake', skip: ['sys_*'] };
  await client.launch({ ...RACE, ...spec, ...more });
  expect(opened[0]).toMatchObject({
    kind: 'live',
    spec: {
      ...spec,
      args: ['-v'],
      knobs: { ncpu: 3, preempt: true, memlimitBytes: 32 << 20, lockdebug: false },
    },
  });
  expect(target.skip).toEqual(['sys_*']);
});

test('restart opens the target anew, with the breakpoints', async () => {
  const targets: FakeTarget[] = [];
  const { client, opened } = joined(async () => {
    targets.push(new FakeTarget());
    return targets[targets.length - 1];
  });
  await client.launch({ ...RACE, stopOnEntry: true }, () =>
    client.do('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 3 }] }),
  );
  await client.event('stopped');
  await client.do('restart', { arguments: { ...RACE, seed: 9 } });
  const stopped = await client.event('stopped');
  expect(stopped.body).toMatchObject({ reason: 'breakpoint', rumpus: { icount: 6 } });
  expect(targets.map(({ closed }) => closed)).toEqual([true, false]);
  expect(opened[1]).toMatchObject({ spec: { seed: 9 } });
});

test('terminate ends the target and the session; later requests say so', async () => {
  const { client, target } = await atEntry();
  await client.do('terminate');
  await client.event('terminated');
  expect(target.closed).toBe(true);
  const late = await client.ask('next', { threadId: 1 });
  expect(late).toMatchObject({ success: false, message: 'The run was terminated.' });
  await client.do('disconnect');
});

test('noDebug runs to the end whatever is set', async () => {
  const { client, target } = fake({ verdict: 'panic' });
  await client.launch({ ...RACE, noDebug: true, stopOnEntry: true }, () =>
    client.do('setFunctionBreakpoints', { breakpoints: [{ name: 'helper' }] }),
  );
  expect((await client.event('exited')).body).toEqual({ exitCode: 1 });
  expect(target.breakpoints).toEqual([]);
});

test('sources: files that exist by their path, others by reference, with their text', async () => {
  const { client } = await atEntry({ file: '' });
  const stack = await client.do('stackTrace', { threadId: 1 });
  const source = at<{ sourceReference: number; path: string }>(stack, 'stackFrames', 0, 'source');
  expect(source).toMatchObject({ name: 'race.ts', path: PROGRAM });
  const { sourceReference } = source;
  const text = await client.do('source', { sourceReference, source });
  expect(text.body).toEqual({ content: TEXT, mimeType: 'text/x-typescript' });
  const all = await client.do('loadedSources');
  expect(at<object[]>(all, 'sources')).toHaveLength(2);
  const unknown = await client.ask('source', { sourceReference: 99 });
  expect(unknown.message).toMatch(/no source 99/);
});

test('modules come as events and in pages', async () => {
  const { client } = await atEntry();
  expect(client.events('module').map(({ body }) => body)).toMatchObject([
    { reason: 'new', module: { id: 'race.ts', isUserCode: true, path: '/fake/tests/race.ts' } },
    { reason: 'new', module: { id: 'kern', isUserCode: false } },
  ]);
  const page = await client.do('modules', { startModule: 1, moduleCount: 1 });
  expect(page.body).toMatchObject({ totalModules: 2, modules: [{ name: 'kern' }] });
});
