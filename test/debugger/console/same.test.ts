/** The same moment reads the same, in a live run, in its recording and in its core. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../debugger/console/index.ts';
import type { Target } from '../../../debugger/target/index.ts';
import { expectGolden } from '../../golden.ts';
import { temporaryFolder } from '../target/programs.ts';
import { openInn, said } from './inn.ts';

const folder = temporaryFolder();
const targets = new Map<Target['kind'], Target>();
beforeAll(async () => {
  for (const kind of ['core', 'live', 'replay'] as const) {
    targets.set(kind, await openInn(kind, folder));
  }
}, 60_000);
afterAll(async () => {
  for (const target of targets.values()) await target.close();
  folder.remove();
});

/** Commands whose answers are goldens, and of all others that only look. */
const GOLDEN = [
  'where',
  'ps',
  'ps/l',
  'ps/n',
  'ps/w',
  'bt',
  'bt 2 3',
  'show all locks',
  'show lock door',
  'show all vnodes',
  'show mount',
  'show file',
  'dmesg',
  'events 4 syscall',
  'locals',
  'print message',
];
const OTHERS = [
  'bt -a',
  'show file 1:3',
  'show vnode /rooms/book',
  'show proc init',
  'show lwp 3',
  'show mount /',
  'events 100',
  'list',
  'lwp 2',
];

/** Without the numbers that any change of the kernel changes. */
function steady(text: string): string {
  return text
    .replace(/(rumpus\/kernel\/\S+?\.ts):\d+:\d+/g, '$1:…')
    .replace(/icount [\d,]+/g, 'icount …')
    .replace(/#\d+ +/g, '#… ')
    .replace(/#\d+/g, '#…')
    .replace(/\b\d{3,}\b(?! \()/g, '…')
    .replace(/^( +)\d+( {2})/gm, '$1…$2');
}

describe('a command that looks', () => {
  for (const line of [...GOLDEN, ...OTHERS]) {
    test(`${line} says the same in every target`, async () => {
      const texts = new Map<string, string>();
      for (const [kind, target] of targets) texts.set(kind, await said(target, line));
      expect(texts.get('live')).not.toBe('');
      expect(texts.get('replay')).toBe(texts.get('live'));
      expect(texts.get('core')).toBe(texts.get('live'));
    });
  }
});

test('the texts are those that people know from ddb and crash', async () => {
  const target = targets.get('core') as Target;
  const parts: string[] = [];
  for (const line of GOLDEN) parts.push(`> ${line}\n${steady(await said(target, line))}\n`);
  expectGolden(import.meta.url, 'look', parts.join('\n'));
});

test('variables of the chosen frame are what print and show mean', async () => {
  for (const [kind, target] of targets) {
    const frames = await target.stack(2);
    const frame = frames.find((one) => one.function === 'keeper');
    const context = { lwp: 2, frame: frame?.id };
    const printed = await runCommand(target, 'print door', context);
    expect(printed?.text, kind).toMatch(/^door = mutex 'door'\n {2}name {7}"door"/);
    const shown = await runCommand(target, 'show lock door', context);
    expect(shown?.text, kind).toMatch(/^lock = mutex 'door' #\d+\n/);
  }
});
