/** What commands refuse, what is no command, and help: over a core, where nothing runs. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeCommand, runCommand } from '../../../debugger/console/index.ts';
import { type Target, TargetError } from '../../../debugger/target/index.ts';
import { temporaryFolder } from '../target/programs.ts';
import { openInn, said } from './inn.ts';

const folder = temporaryFolder();
let target: Target;
beforeAll(async () => {
  target = await openInn('core', folder);
});
afterAll(async () => {
  await target.close();
  folder.remove();
});

async function refusal(line: string): Promise<string> {
  try {
    await runCommand(target, line, {});
  } catch (error) {
    expect(error, line).toBeInstanceOf(TargetError);
    return (error as Error).message;
  }
  throw new Error(`'${line}' was not refused`);
}

test('whatever a command cannot do is one sentence', async () => {
  const lines = [
    ...[
      'ps/z',
      'ps/ln',
      'bt 99',
      'bt x',
      'show',
      'show nothing',
      'show proc 77',
      'show vnode door',
    ],
    ...['show lock #999999', 'frame 99', 'down', 'lwp 42', 'list nowhere.ts:3', 'list 99999'],
    ...['print', 'print nobody', 'set', 'set x', 'break main', 'watch x', 'delete 3', 'continue'],
    ...['goto', 'goto x', 'goto 99999999', 'step x y', 'finish now', 'save', 'save core', 'info'],
    ...['catch nothing', 'help frobnicate', 'events 0', 'last-write', 'continue/x'],
  ];
  for (const line of lines) {
    const sentence = await refusal(line);
    expect(sentence, line).not.toContain('\n');
    expect(sentence, line).toMatch(/\S/);
    expect(sentence, line).not.toMatch(/undefined|null|\[object|Error:/);
  }
});

test('what is no command is left to whoever else knows it', async () => {
  for (const line of ['', '   ', 'frobnicate', 'door.name', '1 + 1', 'ps.length', 'PS', 'ps()']) {
    expect(await runCommand(target, line, {}), line).toBeUndefined();
  }
});

describe('in a debug console, where a line may be an expression', () => {
  const console = { expressions: 'too' } as const;

  test('what goes on like an expression is one', async () => {
    for (const line of ['p === 3', 'next + 1', 'list, 2', 'step ? 1 : 2', 'c = 4', 'p in q']) {
      expect(await runCommand(target, line, console), line).toBeUndefined();
    }
    expect(await runCommand(target, 'goto -0x', {}).catch((e: Error) => e)).toBeInstanceOf(Error);
  });

  test('the bare name of a variable of the frame is the variable', async () => {
    const frames = await target.stack(1);
    const stay = frames.find((frame) => frame.function === 'stay');
    const here = { ...console, lwp: 1, frame: stay?.id };
    // `left` is a variable there, and `le` is nothing; neither is the beginning of a command.
    expect(await runCommand(target, 'ps', here)).toMatchObject({ text: /^PID/ });
    expect(await runCommand(target, 'print left', here)).toMatchObject({ text: 'left = -1' });
    const withP = fakeFrame(target, 'ps');
    expect(await runCommand(withP, 'ps', here)).toBeUndefined();
    expect(await runCommand(withP, 'ps/l', here)).toMatchObject({ text: /^PID/ });
    expect(await runCommand(withP, 'ps', {})).toMatchObject({ text: /^PID/ });
  });
});

/** The same target, whose frames have one more variable. */
function fakeFrame(of: Target, name: string): Target {
  const variable = { name, value: '1', type: 'number', handle: 0, named: 0, indexed: 0 };
  return new Proxy(of, {
    get(from, key) {
      if (key === 'variables') return async () => [variable];
      const value: unknown = Reflect.get(from, key, from);
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}

test('a command is known by a beginning that no other has, and by what gdb calls it', async () => {
  expect(await said(target, 'dm')).toBe(await said(target, 'dmesg'));
  expect(await said(target, 'backtrace')).toBe(await said(target, 'bt'));
  expect(await said(target, '?')).toBe(await said(target, 'help'));
  expect(await runCommand(target, 'rever', {})).toBeUndefined();
});

test('help names every command, and says of each how it is written', async () => {
  const all = await said(target, 'help');
  for (const name of ['ps', 'bt', 'show all locks', 'reverse-continue', 'last-write', 'goto']) {
    expect(all).toContain(name);
  }
  for (const line of all.split('\n')) expect(line.length, line).toBeLessThanOrEqual(110);
  expect(await said(target, 'help bt')).toMatch(/^bt \[-a \| LWP…\]\n.*\n {2}also: backtrace/);
});

test('frames and LWPs that are chosen are handed back to whoever asked', async () => {
  const frames = await target.stack(1);
  const up = await runCommand(target, 'up', {});
  expect(up?.selected).toEqual({ lwp: 1, frame: frames[1].id });
  const down = await runCommand(target, 'down', { ...up?.selected });
  expect(down?.selected).toEqual({ lwp: 1, frame: frames[0].id });
  const other = await runCommand(target, 'lwp 3', {});
  expect(other?.selected?.lwp).toBe(3);
  expect(other?.text).toMatch(/^LWP 3 \(\S+\) of process 1 \(init\), sleeping on "door"\n#0 /);
});

test('completion knows commands, kinds, sources, LWPs and the variables of the frame', async () => {
  const words = async (line: string) => (await completeCommand(target, line)).words;
  expect(await words('reverse-c')).toEqual(['reverse-continue']);
  expect(await words('show v')).toEqual(['vnode']);
  expect(await words('show all v')).toEqual(['vnodes']);
  expect(await words('break in')).toContain('inn.ts:');
  expect(await words('lwp ')).toEqual(['1', '2', '3']);
  expect(await words('print mess')).toEqual(['message']);
  expect(await words('print nobody.at.')).toEqual([]);
});
