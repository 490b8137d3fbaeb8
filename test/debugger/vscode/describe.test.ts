import { expect, test } from 'vitest';
import {
  eventRows,
  lockRows,
  parseIcount,
  statusText,
  statusTooltip,
  syscallRows,
  type Where,
} from '../../../debugger/vscode/describe.ts';
import { lwpOf, shortThreadName } from '../../../debugger/vscode/protocol.ts';

const where: Where = {
  icount: 1204,
  lastIcount: 9000,
  lwp: 3,
  lwpName: 'LWP 3 writer',
  description: 'vp.size: 0 → 512',
  diverted: false,
  kind: 'replay',
};
const naming = (lwp: number): string => `LWP ${lwp}`;
const event = { virtualTimeNs: 0, cpu: 0, lwp: 1 };

test('the status bar says where one stands, and when it is no longer the recorded run', () => {
  expect(statusText(where)).toBe('icount 1,204 · LWP 3 writer · recorded');
  expect(statusText({ ...where, diverted: true })).toBe('icount 1,204 · LWP 3 writer · diverted');
  expect(statusText({ ...where, lwpName: '', kind: 'core' })).toBe('icount 1,204 · no LWP · core');
  expect(statusTooltip(where)).toContain('of 9,000\nvp.size: 0 → 512');
  expect(statusTooltip({ ...where, diverted: true })).toContain('The recording is untouched');
});

test.each([
  ['1204', 1204],
  ['1,204', 1204],
  [' 1_204 ', 1204],
  ['+50', 150],
  ['-50', 50],
  ['-100', undefined],
  ['0', undefined],
  ['12.5', undefined],
  ['abc', undefined],
  ['', undefined],
])('the icount %j typed at 100 is %s', (text, icount) => {
  expect(parseIcount(text, 100)).toBe(icount);
});

test('an LWP is named as its thread is, and an interrupt is none', () => {
  expect(shortThreadName('LWP 3 writer, race.ts[1], cpu 1, sleeping on pipe')).toBe('LWP 3 writer');
  expect(shortThreadName('server: LWP 3 writer, race.ts[1]')).toBe('LWP 3 writer');
  expect(lwpOf(3)).toBe(3);
  expect(lwpOf(1_000_000_000)).toBe(0);
});

test('a deadlock stands above the locks, each LWP with what it waits for', () => {
  const edges = [
    { waiter: 1, holder: 2, lock: 'a', lockId: 7 },
    { waiter: 2, holder: 1, lock: 'b', lockId: 8 },
  ];
  const lock = { name: 'a', type: 'KMutex', owner: 2, readers: [], waiters: [1], objectId: 7 };
  const [circle, held] = lockRows({ locks: [lock], waits: edges, cycles: [edges] }, naming);
  expect(circle.text).toBe('Deadlock');
  expect(circle.children?.map(({ text, detail }) => `${text} ${detail}`)).toEqual([
    'LWP 1 waits for a, held by LWP 2',
    'LWP 2 waits for b, held by LWP 1',
  ]);
  expect(held).toMatchObject({ text: 'a #7', detail: 'KMutex, 1 waiting' });
  expect(held.children?.map(({ detail }) => detail)).toEqual(['holds it', 'waits for it']);
});

test('a system call stands where it began, with what it came to; the latest is first', () => {
  const call = (icount: number, kind: string, text: string) => ({ ...event, icount, kind, text });
  const events = [
    call(5, 'syscall:exit', 'getpid = 1'),
    call(10, 'syscall:enter', 'mkdir("/a")'),
    call(90, 'syscall:exit', 'mkdir = 0'),
    call(100, 'syscall:enter', 'mkdir("/a")'),
    call(190, 'syscall:exit', 'mkdir = -1 errno 17'),
    call(200, 'syscall:enter', 'open("/b")'),
  ];
  const rows = syscallRows({ lwp: 1, current: 'open("/b", 0, 0)', events });
  expect(rows.map(({ text, detail, icon, icount }) => [text, detail, icon, icount])).toEqual([
    ['open("/b", 0, 0)', 'in it now · 200', 'debug-start', 200],
    ['mkdir("/a")', '= -1 errno 17 · 100', 'error', 100],
    ['mkdir("/a")', '= 0 · 10', 'pass', 10],
    ['getpid', '= 1 · 5', 'pass', 5],
  ]);
});

test('a system call that an LWP is about to begin stands there too', () => {
  const rows = syscallRows({ lwp: 2, current: 'open("/b", 0, 0)', events: [] });
  expect(rows).toMatchObject([{ text: 'open("/b", 0, 0)', detail: 'in it now' }]);
});

test('an event leads to its moment, and so does a line of the console', () => {
  const printed = [
    { kind: 'console', icount: 900, lwp: 1, text: 'hello' },
    { kind: 'dprintf', icount: 901, lwp: 1, text: 'is an event already' },
  ];
  const events = [
    { ...event, icount: 1, kind: 'irq', text: 'source=1', lwp: 0 },
    { ...event, icount: 2000, kind: 'lock:wait', text: 'lock=a' },
  ];
  expect(
    eventRows({ events }, printed, naming).map(({ text, detail, icount }) => [
      text,
      detail,
      icount,
    ]),
  ).toEqual([
    ['lock:wait lock=a', '2,000 · LWP 1 on CPU 0', 2000],
    ['hello', '900 · LWP 1', 900],
    ['irq source=1', '1 · CPU 0', 1],
  ]);
});
