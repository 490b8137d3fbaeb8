/**
 * Names: what a client asks for by a name of the source is the variable that the source means,
 * although all files of a program are one scope to the engine, whose bundler gives other names to
 * variables that hide others.
 */

import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { at, type RawClient } from './client.ts';
import { lineOf, type Shown, type Standing, stackOf, standing } from './live.ts';

const SHOP = fileURLToPath(new URL('./programs/names/shop.ts', import.meta.url));
const PURSE = fileURLToPath(new URL('./programs/names/purse.ts', import.meta.url));

let session: Standing | undefined;

afterEach(async () => {
  await session?.client.do('disconnect', { terminateDebuggee: true });
  session = undefined;
});

/** A session that stands at the first hit of a breakpoint. */
async function stopAt(path: string, text: string, more: object = {}): Promise<RawClient> {
  const breakpoints = [{ line: lineOf(text, path), ...more }];
  const set = (client: RawClient) => client.do('setBreakpoints', { source: { path }, breakpoints });
  session = await standing({ program: SHOP }, set);
  expect(at(session.stopped, 'reason')).toBe('breakpoint');
  return session.client;
}

async function values(client: RawClient, frame: number, ...expressions: string[]) {
  return valuesIn(client, (await stackOf(client))[frame].id, ...expressions);
}

async function valuesIn(client: RawClient, frameId: number, ...expressions: string[]) {
  const found: string[] = [];
  for (const expression of expressions) {
    const asked = { expression, frameId, context: 'hover' };
    const { success, message, body } = await client.ask('evaluate', asked);
    found.push(success ? String(body?.['result']) : String(message));
  }
  return found;
}

async function scope(client: RawClient, frame: number, name: string): Promise<Shown[]> {
  const frames = await stackOf(client);
  const { body } = await client.do('scopes', { frameId: frames[frame].id });
  const scopes = (body?.['scopes'] ?? []) as { name: string; variablesReference: number }[];
  const variablesReference = scopes.find((one) => one.name === name)?.variablesReference;
  return at(await client.do('variables', { variablesReference }), 'variables');
}

test('a variable that hides another is the one that an expression means', async () => {
  const client = await stopAt(SHOP, 'return counter + goods');
  expect(await values(client, 0, 'item', 'counter', '({ item }).item', 'goods')).toEqual([
    '"xyz"',
    '3',
    '"xyz"',
    '3',
  ]);
});

test('a name is looked for in the file of its frame', async () => {
  const client = await stopAt(PURSE, 'return counter');
  expect(await values(client, 0, 'counter', 'item', 'names')).toEqual([
    '106',
    '6',
    'Array(1) ["purse"]',
  ]);
  expect(await values(client, 1, 'counter', 'item', 'names')).toEqual(['2', '"top"', 'Map(1)']);
});

test('a function that is suspended has the variables of its module and its own this', async () => {
  const client = await stopAt(SHOP, "shelf.goods.push('c')");
  const sleeping = await stackOf(client, 1);
  const { id: frameId } = sleeping.find(({ name }) => name === 'Shelf.wait') ?? sleeping[0];
  expect(await valuesIn(client, frameId, 'counter', 'item', 'this.goods.length', 'lid')).toEqual([
    '1',
    '"top"',
    '2',
    '2',
  ]);
  const asked = { expression: 'counter = 7', context: 'repl', frameId };
  const refused = await client.ask('evaluate', asked);
  expect(refused.message).toMatch(/counter is a variable of a function that is suspended/);
});

test('a condition and a log point mean the variables of their frame', async () => {
  const client = await stopAt(PURSE, 'counter += item', {
    condition: 'item === 6 && counter === 100',
  });
  const breakpoints = [{ line: lineOf('return counter', PURSE), logMessage: '{item} {counter}' }];
  await client.do('setBreakpoints', { source: { path: PURSE }, breakpoints });
  await client.do('continue', { threadId: 1 });
  await client.event('exited');
  expect(client.events('output').map((one) => at(one, 'output'))).toContain('6 106\n');
});

test('the variables of a module are those of its file, as they are at this moment', async () => {
  const client = await stopAt(SHOP, 'counter += names.length');
  const shown = async (frame: number) =>
    (await scope(client, frame, 'Module')).map(({ name, value }) => `${name} ${value}`);
  expect(await shown(0)).toEqual(['counter 1', 'item "top"']);
  await client.move('next');
  expect(await shown(0)).toEqual(['counter 2', 'item "top"']);
  await client.move('stepBack');
  expect(await shown(0)).toEqual(['counter 1', 'item "top"']);
});

test('a variable of a module is written where its file has it', async () => {
  const client = await stopAt(PURSE, 'return counter');
  const [{ id: frameId }] = await stackOf(client);
  await client.do('setExpression', { expression: 'counter', value: '5', frameId });
  expect(await values(client, 0, 'counter')).toEqual(['5']);
  expect(await values(client, 1, 'counter')).toEqual(['2']);
});

test('a method has its class in its name, and shows the object that it is called on', async () => {
  const client = await stopAt(SHOP, 'counter += names.length');
  expect((await scope(client, 0, 'Locals')).map(({ name }) => name)).toEqual(['this', 'names']);
  expect(await values(client, 0, 'this.goods.length')).toEqual(['3']);
  const [frame] = await stackOf(client);
  expect(frame.name).toBe('Shelf.count');
});

test('a class that speaks of itself has the name of the source', async () => {
  const client = await stopAt(SHOP, 'const goods = yield*');
  const locals = await scope(client, 0, 'Locals');
  expect(locals.find(({ name }) => name === 'shelf')?.value).toMatch(/^Shelf \{/);
});
