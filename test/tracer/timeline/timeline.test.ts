import { expect, test } from 'vitest';
import {
  icountAt,
  type Timeline,
  type TimelineEvent,
  timelineOf,
  timelineSvg,
  viewAround,
  wholeView,
  xOf,
} from '../../../tracer/index.ts';

const event = (icount: number, cpu: number, lwp: number, kind = 'vfs:vnode'): TimelineEvent => ({
  icount,
  cpu,
  lwp,
  kind,
});

const EVENTS = [
  event(10, 0, 0, 'lwp:create'),
  event(20, 0, 1, 'sched:switch'),
  event(30, 0, 1, 'lock:acquire'),
  event(50, 1, 2, 'sched:switch'),
  event(60, 1, 2, 'lock:wait'),
  event(70, 0, 1, 'sched:switch'),
];

test('a run lasts from the first event of an LWP on a CPU to the first of another', () => {
  const names = new Map([[1, 'main']]);
  const { runs, ncpu } = timelineOf(EVENTS, { icount: 90, lastIcount: 100, names });
  expect(runs).toEqual([
    { cpu: 0, lwp: 1, name: 'main', from: 20, to: 50 },
    { cpu: 1, lwp: 2, name: 'LWP 2', from: 50, to: 70 },
    { cpu: 0, lwp: 1, name: 'main', from: 70, to: 91 },
  ]);
  expect(ncpu).toBe(2);
});

test('a lock that was free is no mark, and one that was waited for is', () => {
  const { marks } = timelineOf(EVENTS, { icount: 70, lastIcount: 100 });
  expect(marks.map(({ kind }) => kind)).toEqual(['lwp:create', 'lock:wait']);
});

test('a CPU on which nothing ran has a lane, and a number that no machine has does not', () => {
  const place = { icount: 1, lastIcount: 1, ncpu: 4 };
  expect(timelineOf([], place).ncpu).toBe(4);
  expect(timelineOf([event(1, 1e9, 1)], place).ncpu).toBe(4);
});

test('what was clicked is the icount that is drawn there', () => {
  const view = { from: 1000, to: 5000, widthPx: 400 };
  for (const icount of [1000, 1017, 3333, 5000]) {
    expect(Math.abs(icountAt(xOf(icount, view), view) - icount)).toBeLessThanOrEqual(1);
  }
  expect(icountAt(-50, view)).toBe(1000);
  expect(icountAt(9999, view)).toBe(5000);
});

test('the view stands around the present moment', () => {
  const timeline = timelineOf(EVENTS, { icount: 65, lastIcount: 100 });
  const view = viewAround(timeline, 400);
  expect(view.from).toBeLessThanOrEqual(20);
  expect(view.to).toBeGreaterThan(65);
  const whole = wholeView(timeline, 400);
  expect(whole.from).toBeLessThanOrEqual(20);
  expect(whole.to).toBeGreaterThan(70);
});

test('a name of a stranger is text in the picture, whatever it is', () => {
  const names = new Map([[1, '<script>alert("\u0007")</script>']]);
  const events = [{ ...event(2, 0, 1, 'dprintf'), text: '</title><b>' }];
  const timeline = timelineOf(events, { icount: 2000, lastIcount: 2000, names });
  const svg = timelineSvg(timeline, wholeView(timeline, 900));
  expect(svg).not.toMatch(/<script|<b>|\p{Cc}/u);
  expect(svg).toContain('&#60;script&#62;');
});

test('bars that are too narrow to be seen are drawn as one', () => {
  const events = Array.from({ length: 5000 }, (_, i) => event(i, 0, (i % 2) + 1));
  const timeline: Timeline = timelineOf(events, { icount: 4999, lastIcount: 5000 });
  const svg = timelineSvg(timeline, wholeView(timeline, 500));
  expect(svg.match(/class="run/g)).toHaveLength(1);
  expect(svg).toContain('class="run dense"');
});

test('an event is marked where it happened, with its icount to go to', () => {
  const timeline = timelineOf(EVENTS, { icount: 70, lastIcount: 100 });
  const svg = timelineSvg(timeline, wholeView(timeline, 600));
  expect(svg).toMatch(/mark-lock" data-icount="60"/);
});

test('the picture says who has which colour, of those who are seen', () => {
  const names = new Map([
    [1, 'main'],
    [2, 'reader'],
  ]);
  const timeline = timelineOf(EVENTS, { icount: 70, lastIcount: 100, names });
  expect(timelineSvg(timeline, wholeView(timeline, 300))).toMatch(/legend.*main.*legend.*reader/);
  const early = timelineSvg(timeline, { from: 20, to: 40, widthPx: 300 });
  expect(early).toMatch(/legend[^>]*>main/);
  expect(early).not.toMatch(/legend[^>]*>reader/);
});
