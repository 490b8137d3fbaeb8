/** The adapter over real runs: what a kernel hacker does in the editor. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { at, type Message } from './client.ts';
import { ABBA, LEDGER, lineOf, PANICS, place, stackOf, standing, variablesOf } from './live.ts';

const icountOf = (message: Message) => at<number>(message, 'rumpus', 'icount');
const SOURCE = { path: LEDGER };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'rumpus-dap-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('from the program into the system call and back out, forwards and backwards', async () => {
  const { client, ended } = await standing({ ...PANICS, stopOnEntry: true });
  const entry = lineOf("printf('the bank opens");
  expect(await place(client)).toBe(`main:${entry}`);
  await client.move('next');
  await client.move('stepIn');
  expect(await place(client)).toBe(`openBank:${lineOf("sys.mkdir('/bank'")}`);
  const before = await client.do('rumpus/where');
  await client.move('stepIn');
  const stack = await stackOf(client);
  expect(stack[0].name).toBe('sys_mkdir');
  expect(stack[0].source?.path).toMatch(/kernel\/vfs\/.*\.ts$/);
  expect(stack.map(({ name }) => name)).toContain('openBank');
  await client.move('stepOut');
  expect((await stackOf(client))[0].name).toBe('openBank');
  await client.move('stepBack');
  expect((await client.do('rumpus/where')).body?.['icount']).toBe(before.body?.['icount']);
  await client.do('disconnect');
  await ended;
});

test('a panic stops with its stack; going back reaches the write that was lost', async () => {
  const { client, stopped } = await standing(PANICS);
  expect(stopped.body).toMatchObject({
    reason: 'exception',
    description: 'panic: savings has 10',
    rumpus: { inside: true, outcome: { verdict: 'panic' } },
  });
  const info = await client.do('exceptionInfo', { threadId: 1 });
  expect(info.body).toMatchObject({ exceptionId: 'panic', description: 'savings has 10' });
  expect(at<string>(info, 'details', 'stackTrace')).toMatch(/audit .*ledger\.ts/);
  await client.do('setBreakpoints', {
    source: SOURCE,
    breakpoints: [{ line: lineOf('account.balance = before + 10') }],
  });
  const second = await client.move('reverseContinue');
  const first = await client.move('reverseContinue');
  expect(icountOf(first)).toBeLessThan(icountOf(second));
  for (const stop of [second, first]) {
    expect(stop.body).toMatchObject({ reason: 'breakpoint' });
  }
  const lwps = [second, first].map((stop) => at<number>(stop, 'threadId'));
  expect(new Set(lwps)).toEqual(new Set([2, 3]));
  const { variables } = await variablesOf(client, lwps[1], 'Locals');
  expect(variables).toContainEqual(expect.objectContaining({ name: 'before', value: '0' }));
  await client.do('disconnect');
});

test('of a deadlock every LWP has its stack, what it waits for, and the cycle is a view', async () => {
  const { client, stopped } = await standing({ program: ABBA });
  expect(stopped.body).toMatchObject({ description: expect.stringMatching(/^deadlock: LWP 2/) });
  const threads = at<{ id: number; name: string }[]>(await client.do('threads'), 'threads');
  expect(threads.map(({ name }) => name.replace(/, .*, /, ': '))).toEqual([
    'LWP 1 main: sleeping on lwpwait',
    'LWP 2 one: running (b)',
    'LWP 3 two: sleeping on a',
  ]);
  for (const { id } of threads.slice(1)) {
    expect((await stackOf(client, id)).map(({ name }) => name)).toContain('take');
  }
  expect((await client.do('rumpus/locks')).body).toMatchObject({
    cycles: [
      [
        { waiter: 2, lock: 'b', holder: 3 },
        { waiter: 3, lock: 'a', holder: 2 },
      ],
    ],
  });
  await client.do('disconnect');
});

test('an errno stops where it is made', async () => {
  const { client, stopped } = await standing({ ...PANICS, seed: 1 }, (one) =>
    one.do('setExceptionBreakpoints', {
      filters: [],
      filterOptions: [{ filterId: 'errno', condition: 'EEXIST' }],
    }),
  );
  expect(stopped.body).toMatchObject({ reason: 'exception', threadId: 1 });
  const info = await client.do('exceptionInfo', { threadId: 1 });
  expect(info.body).toMatchObject({ exceptionId: 'EEXIST', breakMode: 'always' });
  const [top] = await stackOf(client);
  expect(top.source?.path).toMatch(/\/kernel\//);
  await client.do('disconnect');
});

test('writing to the past is a diversion in which the run goes otherwise', async () => {
  const { client } = await standing(PANICS);
  const line = lineOf('if (account.balance !== 20)');
  await client.do('setBreakpoints', { source: SOURCE, breakpoints: [{ line }] });
  await client.move('reverseContinue');
  const [{ id }] = await stackOf(client);
  const set = { expression: 'account.balance', value: '20', frameId: id };
  expect((await client.do('setExpression', set)).body).toMatchObject({ value: '20' });
  const important = client.events('output').map(({ body }) => body?.['category']);
  expect(important).toContain('important');
  await client.do('continue', { threadId: 1 });
  expect((await client.event('exited')).body).toEqual({ exitCode: 0 });
  await client.do('disconnect');
});

test('output carries its moment, and a click on it goes there', async () => {
  const { client } = await standing(PANICS);
  const lines = client.events('output').filter(({ body }) => body?.['category'] === 'stdout');
  const said = lines.find(({ body }) => /there already/.test(String(body?.['output'])));
  expect(said?.body).toMatchObject({ source: SOURCE, line: lineOf('the bank is there already') });
  const icount = at<number>(said ?? lines[0], 'data', 'icount');
  expect((await client.do('rumpus/goto', { icount })).body).toMatchObject({ icount });
  const [printing, printer] = await stackOf(client);
  expect([printing.name, printer.line]).toEqual(['printf', lineOf('the bank is there already')]);
  await client.do('disconnect');
});

test('a saved recording is opened at an icount, and a saved core at its panic', async () => {
  const out = folder();
  const { client, stopped } = await standing(PANICS);
  const file = join(out, 'ledger.rumpus');
  await client.do('rumpus/saveRecording', { file });
  await client.do('rumpus/saveCore', { file: join(out, 'ledger.core') });
  await client.do('disconnect');

  const replay = await standing({ recording: file, program: LEDGER, icount: 5000 });
  expect(replay.stopped.body).toMatchObject({ reason: 'goto', rumpus: { icount: 5000 } });
  const end = await replay.client.move('continue');
  expect(end.body).toMatchObject({ reason: 'exception', description: 'panic: savings has 10' });
  expect(icountOf(end)).toBe(icountOf(stopped));
  await replay.client.do('disconnect');

  const core = await standing({ core: join(out, 'ledger.core'), program: LEDGER });
  expect(core.stopped.body).toMatchObject({ reason: 'exception' });
  expect(await place(core.client)).toMatch(/^(panic|audit):/);
  expect((await core.client.ask('continue', { threadId: 1 })).success).toBe(false);
  const back = await core.client.move('stepBack');
  expect(icountOf(back)).toBeLessThan(icountOf(stopped));
  await core.client.do('disconnect');
});

test('a client that vanishes mid-run leaves a recording that can be replayed', async () => {
  const cwd = folder();
  const line = lineOf('account.balance = before + 10');
  const made = await standing({ ...PANICS, cwd }, (one) =>
    one.do('setBreakpoints', { source: SOURCE, breakpoints: [{ line }] }),
  );
  await made.vanish();
  const kept = join(cwd, '.rumpus', 'ledger-debug.rumpus');
  expect(made.said).toEqual([expect.stringContaining(kept)]);
  expect(existsSync(kept)).toBe(true);
  const replay = await standing({ recording: kept, program: LEDGER, stopOnEntry: true });
  expect(icountOf(await replay.client.move('next'))).toBeLessThan(icountOf(made.stopped));
  await replay.client.do('disconnect');
});
