/** `rumpus dap` as the adapter's own test kit sees it, over TCP, and as an editor starts it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { expect, onTestFinished, test } from 'vitest';
import { RawClient } from './client.ts';
import { LEDGER, lineOf, PANICS } from './live.ts';

const RUMPUS = fileURLToPath(new URL('../../../bin/rumpus.mjs', import.meta.url));

function adapter(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [RUMPUS, 'dap', ...args], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A server on a port of its own, which it prints. */
async function server(): Promise<{ child: ChildProcess; port: number }> {
  const child = adapter('--port', '0');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const port = /^listening on 127\.0\.0\.1:(\d+)\n$/.exec(line.toString())?.[1];
  return { child, port: Number(port) };
}

async function dial(port: number): Promise<DebugClient> {
  const client = new DebugClient('node', '', 'rumpus');
  await client.start(port);
  return client;
}

test('the test kit hits a breakpoint, steps and disconnects; then another session does', async () => {
  const { child, port } = await server();
  for (const text of ["yield* sys.mkdir('/bank'", 'audit(account);']) {
    const client = await dial(port);
    await client.hitBreakpoint(PANICS, { path: LEDGER, line: lineOf(text) });
    await Promise.all([client.stepInRequest({ threadId: 1 }), client.waitForEvent('stopped')]);
    await Promise.all([
      client.stepBackRequest({ threadId: 1 }),
      client.assertStoppedLocation('step', { path: LEDGER, line: lineOf(text) }),
    ]);
    await client.stop();
  }
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('the test kit sees the output and the end of a run that passes', async () => {
  const { port } = await server();
  const client = await dial(port);
  await Promise.all([
    client.configurationSequence(),
    client.launch({ program: LEDGER, seed: 1 }),
    client.assertOutput('stdout', 'the bank opens'),
    client.waitForEvent('exited').then(({ body }) => expect(body).toEqual({ exitCode: 0 })),
    client.waitForEvent('terminated'),
  ]);
  await client.disconnectRequest();
  // It says good-bye once more.
  await client.stop();
});

test('on stdin and stdout there is nothing but the protocol, and the process ends with it', async () => {
  const child = adapter();
  const client = new RawClient((bytes) => void child.stdin?.write(bytes));
  child.stdout?.on('data', (bytes: Uint8Array) => client.push(bytes));
  await client.launch({ ...PANICS, stopOnEntry: true });
  await client.event('stopped');
  await client.move('next');
  await client.do('disconnect');
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(client.messages.filter(({ type }) => type === 'garbage')).toEqual([]);
});
