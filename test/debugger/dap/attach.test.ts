/** Sessions that attach to a process of `rumpus run --inspect`. */

import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { endAll, type Inspected, inspected } from '../target/inspected.ts';
import { temporaryFolder } from '../target/programs.ts';
import { at, type Message, type RawClient } from './client.ts';
import { LEDGER, place, real } from './live.ts';

const BUSY = fileURLToPath(new URL('../programs/busy.ts', import.meta.url));
const folder = temporaryFolder();
const cache = folder.file('cache');

beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', cache));
afterEach(endAll);
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

async function busy(): Promise<Inspected> {
  const made = await inspected([BUSY, '--inspect'], cache);
  await made.printed('busy\n');
  return made;
}

/** A session that is attached, at its first stop. */
async function attached(
  port: number,
  args: object = {},
): Promise<{ client: RawClient; stopped: Message }> {
  const { client } = real();
  await client.initialize();
  await client.do('attach', { port, ...args });
  await client.event('initialized');
  await client.do('configurationDone');
  return { client, stopped: await client.event('stopped') };
}

test('a running program stops where it is, and runs on after the disconnect', async () => {
  const { port } = await busy();
  const first = await attached(port);
  expect(first.stopped.body).toMatchObject({ reason: 'pause', threadId: 1 });
  expect(await place(first.client)).toMatch(/^main:9$/);
  expect(at(first.client.events('process')[0], 'startMethod')).toBe('attach');
  await first.client.do('disconnect');
  const second = await attached(port);
  const icount = (stopped: Message) => at<number>(stopped, 'rumpus', 'icount');
  expect(icount(second.stopped)).toBeGreaterThan(icount(first.stopped));
  await second.client.do('disconnect');
});

test('a restart runs again in the same process', async () => {
  const { port } = await inspected([LEDGER, '--seed', '2', '--inspect-wait'], cache);
  const { client, stopped } = await attached(port, { stopOnEntry: true });
  await client.move('next');
  await client.do('restart');
  const again = await client.event('stopped');
  expect(again.body).toMatchObject({ reason: 'entry', threadId: 1 });
  expect(at(again, 'rumpus', 'icount')).toBe(at(stopped, 'rumpus', 'icount'));
  // It knows how far it has been, so it is the one that was there.
  expect(at(again, 'rumpus', 'lastIcount')).toBeGreaterThan(at(stopped, 'rumpus', 'lastIcount'));
  await client.do('disconnect');
});

test('a run that ends while it is attached to ends the session, and then the process', async () => {
  const { port, ended } = await inspected([LEDGER, '--seed', '1', '--inspect-wait'], cache);
  const { client } = await attached(port, { stopOnEntry: true });
  await client.do('continue', { threadId: 1 });
  expect((await client.event('exited')).body).toEqual({ exitCode: 0 });
  await client.event('terminated');
  await client.do('disconnect');
  expect((await ended).status).toBe(0);
});

test('a disconnect that is to end the program does', async () => {
  const { port, ended } = await busy();
  const { client } = await attached(port);
  await client.do('disconnect', { terminateDebuggee: true });
  expect((await ended).status).not.toBe(0);
});

test('a second debugger is refused, and so is a port at which nothing listens', async () => {
  const { port } = await busy();
  const { client } = await attached(port);
  const other = real().client;
  await other.initialize();
  const refused = await other.ask('attach', { port });
  expect(refused.success).toBe(false);
  expect(refused.message).toMatch(/^Another debugger is attached to the process at port \d+\.?$/i);
  expect((await other.ask('attach', { port: 1 })).message).toMatch(/no process .* port 1;/i);
  await client.do('disconnect');
});
