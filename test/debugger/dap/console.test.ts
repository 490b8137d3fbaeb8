/** The debugger's own commands in the debug console, over a scripted target. */

import { expect, test } from 'vitest';
import { at, type RawClient } from './client.ts';
import { atEntry } from './fake.ts';

function say(client: RawClient, expression: string) {
  return client.ask('evaluate', { expression, context: 'repl' });
}

test('a command answers with its text, an expression with its value', async () => {
  const { client } = await atEntry();
  expect(at<string>(await say(client, 'help'), 'result')).toMatch(/show all locks/);
  expect(at<string>(await say(client, 'x'), 'result')).toBe('0');
  const help = await client.do('rumpus/console', { line: 'help goto' });
  expect(help.body?.['text']).toMatch(/icount/);
  const none = await client.ask('rumpus/console', { line: 'frobnicate 1' });
  expect(none.message).toBe("There is no command 'frobnicate': try help.");
});

test('hover and watch know no commands', async () => {
  const { client } = await atEntry();
  const hovered = await client.ask('evaluate', { expression: 'ps', context: 'hover' });
  expect(hovered.message).toBe('There is no ps here.');
});

test('a command that moves the target is seen by the client as a move', async () => {
  const { client } = await atEntry();
  expect((await say(client, 'goto 5')).success).toBe(true);
  await client.event('continued');
  expect((await client.event('stopped')).body).toMatchObject({ rumpus: { icount: 5 } });
  const wrong = await say(client, 'goto 4711');
  expect(wrong).toMatchObject({ success: false, message: 'The run ends at icount 10.' });
  expect((await client.event('stopped')).body).toMatchObject({ rumpus: { icount: 5 } });
});

test('breakpoints of the console and of the editor are kept together', async () => {
  const { client, target } = await atEntry();
  const source = { path: '/fake/tests/race.ts' };
  await client.do('setBreakpoints', { source, breakpoints: [{ line: 4 }] });
  expect((await say(client, 'break helper')).success).toBe(true);
  const added = await client.event('breakpoint');
  expect(added.body).toMatchObject({ reason: 'new', breakpoint: { verified: true } });
  expect(target.breakpoints.map(({ at }) => at.kind)).toEqual(['source', 'function']);
  const id = at<number>(added, 'breakpoint', 'id');
  expect((await say(client, `delete ${id}`)).success).toBe(true);
  expect((await client.event('breakpoint')).body).toMatchObject({ reason: 'removed' });
  expect(target.breakpoints.map(({ at }) => at.kind)).toEqual(['source']);
});
