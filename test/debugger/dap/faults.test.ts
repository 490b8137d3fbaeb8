/** What goes wrong: garbage, clients that vanish, targets that die. The adapter stays up. */

import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../debugger/dap/index.ts';
import { frame, WireReader } from '../../../debugger/dap/wire.ts';
import { TargetError } from '../../../debugger/target/index.ts';
import { clientOn, joined, type RawClient } from './client.ts';
import { atEntry, fake, RACE } from './fake.ts';
import { FakeTarget } from './fake-target.ts';

const HELLO = { seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'x' } };

/** What is read of some bytes, in pieces of a size. */
function read(bytes: Uint8Array, size: number) {
  const [messages, garbage]: [object[], string[]] = [[], []];
  const reader = new WireReader({
    message: (message) => void messages.push(message),
    garbage: (sentence) => void garbage.push(sentence),
    http: () => void garbage.push('http'),
  });
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return { messages, garbage };
}

const BAD: readonly (readonly [string, string])[] = [
  ['noise', 'noise that is nothing\r\n\r\n'],
  ['half a header', 'Content-Le'],
  ['a length that is no number', 'Content-Length: many\r\n\r\n{}'],
  ['a negative length', 'Content-Length: -5\r\n\r\n'],
  ['a length that is too large', 'Content-Length: 999999999\r\n\r\n{}'],
  ['a length that is too long', 'Content-Length: 400\r\n\r\n{"seq":1}'],
  ['a length that is too short', 'Content-Length: 3\r\n\r\n{"seq":1}'],
  ['no JSON', 'Content-Length: 4\r\n\r\n{{{{'],
  ['a list', 'Content-Length: 2\r\n\r\n[]'],
  ['another header', 'X-Header: 1\r\nContent-Length: 2\r\n\r\n[]'],
];

test.each(BAD)('after %s the next message is read, however the bytes arrive', (_what, bad) => {
  const bytes = Buffer.concat([Buffer.from(bad), frame(HELLO), frame({ ...HELLO, seq: 2 })]);
  for (const size of [1, 7, bytes.length]) {
    const { messages, garbage } = read(bytes, size);
    expect(messages.slice(-2)).toEqual([HELLO, { ...HELLO, seq: 2 }]);
    expect(garbage.length).toBeGreaterThan(0);
  }
});

test('bytes of any kind never end the reader', () => {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 0x7fffffff;
    return seed;
  };
  for (let round = 0; round < 200; round++) {
    const good = frame({ ...HELLO, seq: round });
    const noise = Uint8Array.from({ length: next() % 80 }, () => next() % 256);
    const cut = good.subarray(0, next() % good.length);
    const { messages } = read(Buffer.concat([noise, cut, good]), 1 + (next() % 50));
    expect(messages.at(-1)).toEqual({ ...HELLO, seq: round });
  }
});

test('a client is told of its garbage, and its session goes on', async () => {
  const { client } = await atEntry();
  client.raw('what is this\r\nContent-Length: 7\r\n\r\nnothing');
  client.raw('Content-Length: 13\r\n\r\n{"type":"odd"}');
  const told = await client.event('output');
  expect(told.body).toMatchObject({ output: expect.stringMatching(/^The client sent garbage/) });
  await client.move('next');
});

test('a request without a command, or with one that is no text, is answered', async () => {
  const { client } = await atEntry();
  for (const message of [
    { seq: 900 },
    { seq: 901, command: 5 },
    { seq: 902, command: '__proto__' },
  ]) {
    client.raw(frame({ type: 'request', ...message }).toString());
    const answer = await client.until('an answer', () =>
      client.messages.find((one) => one.request_seq === message.seq),
    );
    expect(answer.success).toBe(false);
  }
  await client.move('next');
});

test('arguments of the wrong kind are sentences, not crashes', async () => {
  const { client } = await atEntry();
  const odd: [string, unknown][] = [
    ['setBreakpoints', { source: 'a.ts', breakpoints: 'all' }],
    ['setBreakpoints', { source: { path: 5 }, breakpoints: [] }],
    ['setBreakpoints', { source: { path: 'a' }, breakpoints: [{ line: 'x' }] }],
    ['setFunctionBreakpoints', { breakpoints: [{}] }],
    ['setDataBreakpoints', { breakpoints: [{ dataId: 'd', accessType: 'sometimes' }] }],
    ['stackTrace', { threadId: 1, startFrame: -1 }],
    ['evaluate', {}],
    ['source', []],
    ['variables', { variablesReference: 1e300 }],
    ['cancel', { requestId: 'x' }],
    ['rumpus/goto', null],
  ];
  for (const [command, args] of odd) {
    const answer = await client.ask(command, args as object);
    expect(answer.success, command).toBe(false);
    expect(answer.message, command).not.toMatch(/internal error/);
  }
  await client.move('next');
});

test('a program that cannot be opened is a sentence, and the adapter stays', async () => {
  let opens = 0;
  const { client } = joined(async () => {
    if (opens++ === 0) throw new TargetError('there is no file race.ts');
    return new FakeTarget();
  });
  await client.initialize();
  expect((await client.ask('launch', RACE)).message).toBe('there is no file race.ts');
  await client.do('launch', RACE);
});

test('a client that vanishes mid-run leaves a recording and no target', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'rumpus-dap-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const { client, target, vanish, said } = fake({ endless: true });
  await client.launch({ ...RACE, cwd, stopOnEntry: true });
  await client.event('stopped');
  await client.do('continue', { threadId: 1 });
  await vanish();
  expect(target.closed).toBe(true);
  expect(target.saved).toEqual([join(cwd, '.rumpus', 'race-debug.rumpus')]);
  expect(said).toEqual([expect.stringContaining(`recorded in ${target.saved[0]}`)]);
});

test('a client that vanishes while its target is being opened leaves nothing either', async () => {
  const target = new FakeTarget();
  let open: (made: FakeTarget) => void = () => undefined;
  const { client, vanish } = joined(() => new Promise((resolve) => (open = resolve)));
  await client.initialize();
  client.send('launch', RACE);
  await client.ask('nothing');
  const gone = vanish();
  open(target);
  await gone;
  expect(target.closed).toBe(true);
});

test('a target that dies is told with its reason; what follows is refused with it', async () => {
  const { client, target } = await atEntry({ endless: true });
  await client.do('continue', { threadId: 1 });
  await expect.poll(() => target.stop).toBe(null);
  target.events.died?.('it was killed');
  expect((await client.event('output')).body).toMatchObject({
    category: 'important',
    output: expect.stringMatching(/^The program is gone: it was killed\./),
  });
  expect((await client.event('exited')).body).toEqual({ exitCode: 1 });
  await client.event('terminated');
  const late = await client.ask('stackTrace', { threadId: 1 });
  expect(late.message).toBe('The program is gone: it was killed.');
  await client.do('disconnect');
});

test('a move that fails tells the client why, and where the target stands', async () => {
  const { client, target } = await atEntry();
  target.move = () => Promise.reject(new TargetError('The recording has diverged.'));
  await client.do('next', { threadId: 1 });
  expect((await client.event('output')).body).toMatchObject({
    output: 'The recording has diverged.\n',
    category: 'important',
  });
  expect((await client.event('stopped')).body).toMatchObject({
    reason: 'pause',
    description: 'The recording has diverged.',
    rumpus: { icount: 1 },
  });
});

test('a cancelled request is answered as cancelled', async () => {
  const { client, target } = await atEntry();
  target.evaluate = () => new Promise(() => undefined);
  const request = client.ask('evaluate', { expression: 'forever', context: 'repl' });
  await client.do('cancel', { requestId: client.lastSeq });
  expect(await request).toMatchObject({ success: false, message: 'cancelled' });
});

async function dial(port: number): Promise<{ socket: Socket; client: RawClient }> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, client: clientOn(socket) };
}

test('over TCP there are several sessions at once, and each has its own target', async () => {
  const targets: FakeTarget[] = [];
  const open = async () => {
    targets.push(new FakeTarget());
    return targets[targets.length - 1];
  };
  const server = await listen({ open, say: () => undefined }, 0);
  const [one, two] = [await dial(server.port), await dial(server.port)];
  for (const { client } of [one, two]) {
    await client.launch({ ...RACE, stopOnEntry: true });
    await client.event('stopped');
  }
  await one.client.move('next');
  expect(targets.map(({ stop }) => stop?.icount)).toEqual([2, 1]);
  await one.client.do('disconnect');
  expect(targets.map(({ closed }) => closed)).toEqual([true, false]);
  await two.client.move('next');
  await server.close();
  expect(targets.map(({ closed }) => closed)).toEqual([true, true]);
});

test('a web page that posts to the port is refused', async () => {
  const said: string[] = [];
  const server = await listen(
    {
      open: async () => new FakeTarget(),
      say: (sentence) => void said.push(sentence),
    },
    0,
  );
  const { socket, client } = await dial(server.port);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const body = JSON.stringify(HELLO);
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await closed;
  expect(client.messages).toEqual([]);
  expect(said).toEqual([expect.stringMatching(/HTTP/)]);
  await server.close();
});

test('a port that is taken is a sentence', async () => {
  const host = { open: async () => new FakeTarget(), say: () => undefined };
  const server = await listen(host, 0);
  await expect(listen(host, server.port)).rejects.toThrow(/cannot be listened on/);
  await server.close();
});
