import { expect, test } from 'vitest';
import type { RecordedEvents } from '../../../corefiles/index.ts';
import {
  EV_BIO_START,
  EV_DPRINTF,
  EV_IDLE,
  EV_LOCK_ACQUIRE,
  EV_LWP_CREATE,
  EV_MIGRATE,
  EV_SLEEP,
  EV_SWITCH,
  EV_SYSCALL_ENTER,
  EV_SYSCALL_EXIT,
  EV_WAKEUP,
  EVENT_NAMES,
  RECORD_WORDS,
  Ring,
} from '../../../kernel/index.ts';
import {
  decodeEvents,
  filterEvents,
  formatEvent,
  isEventKind,
  TRACE_HEADING,
} from '../../../tracer/index.ts';
import { expectGolden } from '../../golden.ts';

function recorded(ring: Ring): RecordedEvents {
  const { strings, dropped } = ring;
  return { recordWords: RECORD_WORDS, records: ring.copy(), strings, dropped };
}

/** A ring with an event of most kinds. */
function sample(): Ring {
  const ring = new Ring(64);
  const on = (kind: number, cpu: number) => kind | (cpu << 8);
  ring.put(10, EV_LWP_CREATE, 0, 1, ring.intern('main'), 0, 0);
  ring.put(20, on(EV_SWITCH, 0), 1, 0, 0, 0, 0);
  ring.put(30, on(EV_LWP_CREATE, 0), 1, 2, ring.intern('worker'), 0, 0);
  ring.put(40, on(EV_MIGRATE, 0), 1, 2, 0, 1, 0);
  const open = ring.intern('open');
  ring.put(50, on(EV_SYSCALL_ENTER, 1), 2, open, 0, 2, ring.intern('/tmp/a\x1b[2J'));
  ring.put(60, on(EV_LOCK_ACQUIRE, 1), 2, ring.intern('vnode'), 1, 0, 0);
  ring.put(70, on(EV_BIO_START, 1), 2, ring.intern('rumpblk0'), 16, 512, 0);
  ring.put(80, on(EV_SYSCALL_EXIT, 1), 2, open, 0, 2, 0);
  ring.put(85, on(EV_DPRINTF, 1), 2, ring.intern('x is 3\n'), ring.intern('a/b.ts'), 12, 0);
  ring.put(90, on(EV_SLEEP, 1), 2, ring.intern('nap'), 0, 0, 0);
  const baseNs = 7_000_000_000;
  ring.put(90, EV_IDLE, 0, Math.floor(baseNs / 0x100000000), baseNs | 0, 0, 0);
  ring.put(95, EV_WAKEUP, 0, 2, 0, 0, 0);
  return ring;
}

test('every kind has a text; what could act on a terminal is spelled out', () => {
  const lines = decodeEvents(recorded(sample())).map((event) => formatEvent(event));
  expectGolden(import.meta.url, 'sample', `${[TRACE_HEADING, ...lines].join('\n')}\n`);
});

test('virtual time is 10 ns a count and what the world idled (ring.ts)', () => {
  const events = decodeEvents(recorded(sample()));
  expect(events[0].virtualTimeNs).toBe(100);
  expect(events.at(-1)?.virtualTimeNs).toBe(7_000_000_950);
});

test('icounts beyond 32 bits are read whole', () => {
  const ring = new Ring(16);
  ring.put(0x1_8000_0005, EV_WAKEUP, 0, 1, 0, 0, 0);
  expect(decodeEvents(recorded(ring))[0].icount).toBe(0x1_8000_0005);
});

test('a ring that lost its beginning says nothing about time until the world idles', () => {
  const ring = new Ring(16);
  for (let i = 0; i < 20; i++) ring.put(i, EV_WAKEUP, 0, 1, 0, 0, 0);
  ring.put(20, EV_IDLE, 0, 0, 500, 0, 0);
  const events = decodeEvents(recorded(ring), new Map([[1, 'main']]));
  expect(events).toHaveLength(16);
  expect(events[0]).toMatchObject({ icount: 5, virtualTimeNs: undefined });
  expect(events[0].args).toEqual({ lwp: 'main#1' });
  expect(events.at(-1)?.virtualTimeNs).toBe(700);
  expect(formatEvent(events[0])).toMatch(/ \? /);
});

test("a stranger's words are decoded without trust: indices, kinds and sizes may be anything", () => {
  const records = new Int32Array(3 * RECORD_WORDS).fill(-1);
  records[RECORD_WORDS + 2] = 77;
  records[2 * RECORD_WORDS + 2] = EV_SLEEP;
  const events = decodeEvents({ recordWords: RECORD_WORDS, records, strings: [''], dropped: 0 });
  expect(events.map(({ kind }) => kind)).toEqual(['kind-255', 'kind-77', 'sched:sleep']);
  expect(events[2].args).toEqual({ wmesg: '…' });
  expect(decodeEvents({ recordWords: 3, records, strings: [], dropped: 0 })).toEqual([]);
  expect(decodeEvents({ recordWords: 16, records, strings: [], dropped: 0 })).toHaveLength(1);
});

test('every kind of event can be asked for by its name and by what stands before the colon', () => {
  for (const name of EVENT_NAMES.slice(1)) {
    expect(isEventKind(name)).toBe(true);
    expect(isEventKind(name.split(':')[0])).toBe(true);
  }
  expect(isEventKind('')).toBe(false);
  expect(isEventKind('loc')).toBe(false);
});

test('a filter lets through what all of its parts let through', () => {
  const events = decodeEvents(recorded(sample()));
  const icounts = (filter: Parameters<typeof filterEvents>[1]) =>
    filterEvents(events, filter).map(({ icount }) => icount);
  expect(icounts({ kinds: ['syscall'] })).toEqual([50, 80]);
  expect(icounts({ kinds: ['syscall'], from: 60 })).toEqual([80]);
  expect(icounts({ lwps: ['worker'], to: 60 })).toEqual([50, 60]);
  expect(icounts({ lwps: ['2', 'main'], kinds: ['sched', 'lock:acquire'] })).toEqual([
    20, 40, 60, 90,
  ]);
});
