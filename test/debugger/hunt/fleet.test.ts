/** Fleets, against a real Redis server: whatever dies, nothing is lost and nothing counts twice. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect } from 'vitest';
import {
  type FleetHuntOptions,
  type FleetResult,
  fleetAddress,
  fleetHunt,
} from '../../../debugger/hunt/fleet/index.ts';
import { Bugs } from '../../../debugger/hunt/bugs.ts';
import { DEFAULT_SPEC, type LoadedProgram, loadProgram } from '../../../debugger/index.ts';
import { SeenClasses } from '../../../debugger/hunt/report/classes.ts';
import { runRange } from '../../../debugger/hunt/schedules.ts';
import { needs } from '../../skip.ts';
import { ended, type Helper, killed, Server, startWorker, until } from './server.ts';

const { test } = needs('redis-server', 'apt-get install redis-server');

const programs = new URL('../../tui/programs/', import.meta.url);
const hello = fileURLToPath(new URL('hello.ts', programs));
const abba = fileURLToPath(new URL('abba.ts', programs));

let server: Server | undefined;
const workers: Helper[] = [];

afterEach(async () => {
  for (const { child } of workers.splice(0)) await killed(child);
  await server?.end();
  server = undefined;
});

async function started(...words: string[]): Promise<Server> {
  server = await Server.start(...words);
  return server;
}

function worker({ address }: Server, ...words: string[]): Helper {
  const helper = startWorker(address, ...words);
  workers.push(helper);
  return helper;
}

interface Hunting {
  readonly result: Promise<FleetResult>;
  readonly bugs: Bugs;
  readonly said: string[];
  readonly stop: AbortController;
  done(): number;
}

function hunting(
  { address }: Server,
  loaded: LoadedProgram,
  more: Partial<FleetHuntOptions> = {},
): Hunting {
  const said: string[] = [];
  const stop = new AbortController();
  let done = 0;
  const bugs = more.bugs ?? new Bugs(undefined, more.seek ?? 'first');
  const result = fleetHunt(loaded, DEFAULT_SPEC, {
    ...{ address: fleetAddress(address), from: 0, schedules: 2000, batch: 50, seek: 'first' },
    signal: stop.signal,
    say: (text) => said.push(text),
    progress: ({ schedules }) => {
      done = schedules;
    },
    ...more,
    classes: new SeenClasses(),
    bugs,
  });
  result.catch(() => {});
  return { result, bugs, said, stop, done: () => done };
}

test('two workers run every schedule of a hunt once', async () => {
  const there = await started();
  worker(there);
  worker(there);
  const { result, bugs } = hunting(there, await loadProgram(hello));
  const expected = { schedules: 2000, interrupted: false, lost: 0, resumed: 0 };
  expect(await result).toMatchObject(expected);
  expect(bugs.size).toBe(0);
});

test('what is found is the first failing schedule, whole, and once for each signature', async () => {
  const there = await started();
  worker(there);
  worker(there);
  const loaded = await loadProgram(abba);
  const one = hunting(there, loaded);
  await one.result;
  const all = hunting(there, loaded, { seek: 'all', batch: 25 });
  await all.result;
  const [first] = one.bugs.list();
  const here = runRange(loaded, DEFAULT_SPEC, 0, 2000).bugs[0];
  expect(first.found).toEqual(here.found);
  expect(all.bugs.list()[0].found).toEqual(here.found);
  const signatures = all.bugs.list().map(({ found }) => found.signature);
  expect(new Set(signatures).size).toBe(signatures.length);
});

test('workers that are killed lose nothing', async () => {
  const there = await started();
  const { result, done } = hunting(there, await loadProgram(hello), {
    schedules: 20_000,
    batch: 500,
  });
  for (let i = 0; i < 3; i++) {
    const before = done();
    const doomed = worker(there);
    await until(() => done() > before);
    await killed(doomed.child);
  }
  worker(there);
  expect(await result).toMatchObject({ schedules: 20_000, interrupted: false, lost: 0 });
});

test('a server that is killed and comes back with nothing changes nothing', async () => {
  const there = await started();
  worker(there);
  const loaded = await loadProgram(hello);
  const { result, said, done } = hunting(there, loaded, { schedules: 20_000, batch: 500 });
  await until(() => done() > 0);
  await there.kill();
  await until(() => said.some((text) => /is lost; trying again$/.test(text)));
  await there.restart();
  expect(await result).toMatchObject({ schedules: 20_000, interrupted: false, lost: 0 });
  expect(said.filter((text) => /connected to .* again$/.test(text))).toHaveLength(1);
});

test('a hunt that is stopped gives what it has, and goes on there later', async () => {
  const there = await started();
  const helper = worker(there);
  const loaded = await loadProgram(hello);
  const first = hunting(there, loaded, { schedules: 40_000, batch: 500 });
  await until(() => first.done() > 0);
  first.stop.abort();
  const partial = await first.result;
  expect(partial).toMatchObject({ interrupted: true });
  expect(partial.schedules).toBeGreaterThan(0);
  expect(partial.schedules).toBeLessThan(40_000);
  const second = hunting(there, loaded, { schedules: 40_000, batch: 800 });
  const whole = await second.result;
  expect(whole).toMatchObject({ schedules: 40_000, interrupted: false });
  expect(whole.resumed).toBeGreaterThanOrEqual(partial.schedules);
  expect(await ended(helper.child, 'SIGINT')).toBe(130);
});

test('a hunt is stopped at once while its server is gone', async () => {
  const there = await started();
  worker(there);
  const { result, done, stop } = hunting(there, await loadProgram(hello), { schedules: 1e9 });
  await until(() => done() > 0);
  await there.kill();
  const stoppedAt = performance.now();
  stop.abort();
  expect(await result).toMatchObject({ interrupted: true });
  expect(performance.now() - stoppedAt).toBeLessThan(5000);
});

test('two commands on the same hunt share its batches', async () => {
  const there = await started();
  worker(there);
  const loaded = await loadProgram(hello);
  const options = { schedules: 10_000, batch: 500 };
  const both = [hunting(there, loaded, options), hunting(there, loaded, options)];
  const results = await Promise.all(both.map(({ result }) => result));
  for (const result of results) expect(result).toMatchObject({ schedules: 10_000, lost: 0 });
});

test('different hunts on one queue do not mix', async () => {
  const there = await started();
  worker(there);
  const [passing, failing] = [await loadProgram(hello), await loadProgram(abba)];
  const [quiet, loud] = [hunting(there, passing), hunting(there, failing)];
  expect(await quiet.result).toMatchObject({ schedules: 2000 });
  expect(quiet.bugs.size).toBe(0);
  await loud.result;
  expect(loud.bugs.list()[0].found.verdict).toBe('deadlock');
});

test('without a worker, the hunt says how to start one', async () => {
  const there = await started();
  const { said, stop, result } = hunting(there, await loadProgram(hello));
  await until(() => said.length > 0);
  expect(said[0]).toMatch(/^no worker takes batches yet: start rumpus hunt-worker --fleet redis:/);
  stop.abort();
  expect(await result).toMatchObject({ schedules: 0, interrupted: true });
});

test('a worker ends when it has been idle for as long as it was told', async () => {
  const there = await started();
  const { child } = worker(there, '--idle', '1');
  await until(() => child.exitCode !== null);
  expect(child.exitCode).toBe(0);
});

test('a program that is not what its hash says is not run', async () => {
  const there = await started();
  const { result, done, stop } = hunting(there, await loadProgram(hello), { batch: 2000 });
  const { Redis } = await import('ioredis');
  const client = new Redis(there.port, '127.0.0.1');
  let key: string | undefined;
  while (key === undefined) [key] = await client.keys('rumpus:program:*');
  await client.set(key, 'console.log("foreign")');
  client.disconnect();
  worker(there);
  await expect(result).rejects.toThrow(
    /^no worker can run this hunt: the program \w{12} is damaged$/,
  );
  expect(done()).toBe(0);
  stop.abort();
});

test('a server that wants a password says so in a sentence, without the password', async () => {
  const there = await started('--requirepass', 'sesame');
  const loaded = await loadProgram(hello);
  const wrong = { ...there, address: `redis://:guess@127.0.0.1:${there.port}` } as Server;
  await expect(hunting(wrong, loaded).result).rejects.toThrow(
    /^no Redis server can be used at redis:\/\/127.0.0.1:\d+: the password is wrong or missing$/,
  );
  const right = { ...there, address: `redis://:sesame@127.0.0.1:${there.port}` } as Server;
  worker(right);
  expect(await hunting(right, loaded).result).toMatchObject({ schedules: 2000 });
});

test('what is no Redis server is one sentence within seconds', async () => {
  const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const loaded = await loadProgram(hello);
  const at = { port, address: `redis://127.0.0.1:${port}` } as Server;
  await expect(hunting(at, loaded).result).rejects.toThrow(/: no answer within 4 s$/);
  silent.close();
  await once(silent, 'close');
  await expect(hunting(at, loaded).result).rejects.toThrow(/ECONNREFUSED/);
});
