/** Whole sessions over real targets, message by message. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { expectGolden } from '../../golden.ts';
import { at, type RawClient } from './client.ts';
import { ABBA, LEDGER, lineOf, PANICS, real, stackOf, standing } from './live.ts';
import { protocolLog } from './protocol-log.ts';

const SOURCE = { path: LEDGER };

/** The locals of the innermost frame. */
async function locals(client: RawClient, threadId: number): Promise<void> {
  const [{ id }] = await stackOf(client, threadId);
  const scopes = await client.do('scopes', { frameId: id });
  const variablesReference = at<number>(scopes, 'scopes', 0, 'variablesReference');
  await client.do('variables', { variablesReference });
}

test('a lost payment: into the system call, to the panic, back to the cause, and otherwise', async () => {
  const { client } = real();
  await client.initialize({ supportsProgressReporting: false });
  await client.do('launch', { ...PANICS, stopOnEntry: true });
  await client.event('initialized');
  const breakpoints = [{ line: lineOf("sys.mkdir('/bank'") }];
  await client.do('setBreakpoints', { source: SOURCE, breakpoints });
  await client.do('setFunctionBreakpoints', { breakpoints: [{ name: 'no_such_call' }] });
  await client.do('setExceptionBreakpoints', { filters: ['panic', 'deadlock'] });
  await client.do('configurationDone');
  await client.event('stopped');
  await client.do('threads');
  await client.move('continue');
  await client.move('stepIn');
  await client.move('stepOut');
  await client.move('stepBack');
  await client.move('continue');
  await client.do('exceptionInfo', { threadId: 1 });
  const line = lineOf('account.balance = before + 10');
  await client.do('setBreakpoints', { source: SOURCE, breakpoints: [{ line }] });
  const stopped = await client.move('reverseContinue');
  await client.do('threads');
  const threadId = at<number>(stopped, 'threadId');
  await locals(client, threadId);
  const [{ id }] = await stackOf(client, threadId);
  await client.do('setExpression', { expression: 'before', value: '10', frameId: id });
  await client.do('continue', { threadId });
  await client.event('terminated');
  await client.do('disconnect');
  expectGolden(import.meta.url, 'ledger', protocolLog(client));
});

test('a core of a deadlock: looked at, refused to go on, gone back into', async () => {
  const out = mkdtempSync(join(tmpdir(), 'rumpus-dap-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const live = await standing({ program: ABBA });
  const core = join(out, 'abba.core');
  await live.client.do('rumpus/saveCore', { file: core });
  await live.client.do('disconnect');
  const { client } = real();
  await client.initialize({ supportsProgressReporting: false });
  await client.do('launch', { core, program: ABBA });
  await client.event('initialized');
  await client.do('configurationDone');
  await client.event('stopped');
  await client.do('threads');
  await client.do('rumpus/locks');
  for (const threadId of [1, 2, 3]) await stackOf(client, threadId);
  await client.ask('continue', { threadId: 2 });
  await client.ask('evaluate', { expression: 'kernel.name = 1', context: 'repl' });
  await client.move('stepBack', { threadId: 2 });
  await client.move('next', { threadId: 2 });
  await client.do('disconnect');
  expectGolden(import.meta.url, 'abba-core', protocolLog(client).replaceAll(out, '$out'));
});
