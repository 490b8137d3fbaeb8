/** Going back and coming again: what was said is not said again, and nothing is asked again. */

import { afterEach, expect, test } from 'vitest';
import { at, type RawClient } from './client.ts';
import { LEDGER, lineOf, PANICS, type Standing, stackOf, standing } from './live.ts';

let session: Standing | undefined;

afterEach(async () => {
  await session?.client.do('disconnect', { terminateDebuggee: true });
  session = undefined;
});

function verdicts(client: RawClient): string[] {
  const outputs = client.events('output').map((one) => at<string>(one, 'output'));
  return outputs.filter((text) => /^panic: .*\(icount \d+\)/.test(text));
}

test('a verdict is told once, however often one goes back from it; a restart tells it anew', async () => {
  session = await standing(PANICS);
  const { client } = session;
  expect(verdicts(client)).toHaveLength(1);
  await client.move('reverseContinue');
  expect(at(await client.move('continue'), 'reason')).toBe('exception');
  expect(verdicts(client)).toHaveLength(1);
  await client.do('restart');
  expect(at(await client.event('stopped'), 'reason')).toBe('exception');
  expect(verdicts(client)).toHaveLength(2);
});

test('a step back does not ask the conditions of breakpoints on its way', async () => {
  const condition = '(globalThis.asked = (globalThis.asked ?? 0) + 1) < 0 && before';
  const breakpoints = [{ line: lineOf('account.balance = before + 10'), condition }];
  const source = { path: LEDGER };
  session = await standing(PANICS, (one) => one.do('setBreakpoints', { source, breakpoints }));
  const { client } = session;
  const asked = async () => {
    const [{ id: frameId }] = await stackOf(client);
    const question = { expression: 'globalThis.asked', frameId, context: 'watch' };
    return at(await client.do('evaluate', question), 'result');
  };
  expect(await asked()).toBe('2');
  await client.move('stepBack');
  expect(await asked()).toBe('2');
  await client.move('reverseContinue');
  expect(await asked()).not.toBe('2');
});

test('a step back from a panic goes to its call: how it is announced is no place to stand', async () => {
  session = await standing(PANICS);
  const { client } = session;
  const places = async () => (await stackOf(client, 1)).map(({ name, line }) => `${name}:${line}`);
  const atVerdict = await places();
  const stopped = await client.move('stepBack');
  expect(await places()).toEqual(atVerdict);
  await client.move('stepBack');
  expect((await places())[0]).not.toBe(atVerdict[0]);
  expect(at(await client.move('continue'), 'reason')).toBe('exception');
  expect(at(stopped, 'reason')).toBe('step');
});
