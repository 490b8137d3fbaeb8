/**
 * From the words of an event ring (kernel/trace/ring.ts) to events with names.
 *
 *   const events = decodeEvents(recorded);
 *   events[0]  { icount: 120, kind: 'lock:acquire', lwpName: 'main', args: { lock: 'pipe' }, … }
 *
 * The words may be a stranger's: every index is checked, and a kind that is not known is kept as
 * `kind-77` with its four arguments.
 */

import type { RecordedEvents } from '../../corefiles/index.ts';
import {
  EV_ALLOC,
  EV_BIO_DONE,
  EV_BIO_START,
  EV_CALLOUT,
  EV_DPRINTF,
  EV_ERRNO,
  EV_FREE,
  EV_IDLE,
  EV_INTERRUPT,
  EV_LOCK_ACQUIRE,
  EV_LOCK_RELEASE,
  EV_LOCK_WAIT,
  EV_LWP_CREATE,
  EV_LWP_EXIT,
  EV_MIGRATE,
  EV_PACKET,
  EV_SLEEP,
  EV_SWITCH,
  EV_SYSCALL_ENTER,
  EV_SYSCALL_EXIT,
  EV_VNODE,
  EV_WAKEUP,
  EVENT_NAMES,
  NS_PER_COUNT,
  RECORD_WORDS,
} from '../../kernel/index.ts';

/** What an argument is: how its word is read. */
type ArgKind = 'number' | 'hex' | 'string' | 'lwp' | 'errno';

/** Names and kinds of a kind's arguments, by position; '' for one that is not used. */
type Layout = readonly (readonly [string, ArgKind])[];

const LAYOUTS: Readonly<Record<number, Layout>> = {
  [EV_SYSCALL_ENTER]: [
    ['call', 'string'],
    ['arg0', 'number'],
    ['arg1', 'number'],
    ['path', 'string'],
  ],
  [EV_SYSCALL_EXIT]: [
    ['call', 'string'],
    ['result', 'number'],
    ['errno', 'errno'],
  ],
  [EV_SWITCH]: [['from', 'lwp']],
  [EV_WAKEUP]: [['lwp', 'lwp']],
  [EV_SLEEP]: [['wmesg', 'string']],
  [EV_MIGRATE]: [
    ['lwp', 'lwp'],
    ['from', 'number'],
    ['to', 'number'],
  ],
  [EV_LOCK_WAIT]: [
    ['lock', 'string'],
    ['op', 'number'],
  ],
  [EV_LOCK_ACQUIRE]: [
    ['lock', 'string'],
    ['op', 'number'],
  ],
  [EV_LOCK_RELEASE]: [
    ['lock', 'string'],
    ['op', 'number'],
  ],
  [EV_INTERRUPT]: [['source', 'number']],
  [EV_BIO_START]: [
    ['device', 'string'],
    ['block', 'number'],
    ['bytes', 'number'],
    ['op', 'number'],
  ],
  [EV_BIO_DONE]: [
    ['device', 'string'],
    ['block', 'number'],
    ['bytes', 'number'],
    ['errno', 'errno'],
  ],
  [EV_PACKET]: [
    ['interface', 'string'],
    ['bytes', 'number'],
  ],
  [EV_VNODE]: [
    ['op', 'string'],
    ['vnode', 'number'],
    ['name', 'string'],
  ],
  [EV_ALLOC]: [
    ['pool', 'string'],
    ['bytes', 'number'],
  ],
  [EV_FREE]: [
    ['pool', 'string'],
    ['bytes', 'number'],
  ],
  [EV_ERRNO]: [['errno', 'errno']],
  [EV_DPRINTF]: [
    ['text', 'string'],
    ['module', 'string'],
    ['line', 'number'],
  ],
  [EV_IDLE]: [],
  [EV_LWP_CREATE]: [
    ['lwp', 'lwp'],
    ['name', 'string'],
  ],
  [EV_LWP_EXIT]: [],
  [EV_CALLOUT]: [['callout', 'string']],
};

const UNKNOWN: Layout = [
  ['a', 'number'],
  ['b', 'number'],
  ['c', 'number'],
  ['d', 'number'],
];

export interface TraceEvent {
  readonly icount: number;
  /** Undefined while nothing says how long the world had idled: the ring lost its beginning. */
  readonly virtualTimeNs: number | undefined;
  readonly cpu: number;
  readonly kernel: number;
  /** Number in its world; 0 for none (boot, clock interrupt). */
  readonly lwp: number;
  readonly lwpName: string;
  /** A name of EVENT_NAMES. */
  readonly kind: string;
  readonly args: Readonly<Record<string, string | number>>;
}

/** Decodes all records, oldest first. `names` has LWPs whose creation the ring has lost. */
export function decodeEvents(
  recorded: RecordedEvents,
  names: ReadonlyMap<number, string> = new Map(),
): TraceEvent[] {
  const { recordWords, records, strings, dropped } = recorded;
  if (recordWords < RECORD_WORDS) return [];
  const lwps = new Map(names);
  const events: TraceEvent[] = [];
  let baseNs: number | undefined = dropped === 0 ? 0 : undefined;
  for (let at = 0; at + recordWords <= records.length; at += recordWords) {
    const icount = (records[at] >>> 0) + records[at + 1] * 0x100000000;
    const head = records[at + 2];
    const number = head & 0xff;
    if (number === EV_IDLE) {
      baseNs = records[at + 4] * 0x100000000 + (records[at + 5] >>> 0);
    }
    if (number === EV_LWP_CREATE) lwps.set(records[at + 4], strings[records[at + 5]] ?? '');
    const lwp = records[at + 3];
    events.push({
      icount,
      virtualTimeNs: baseNs === undefined ? undefined : baseNs + icount * NS_PER_COUNT,
      cpu: (head >>> 8) & 0xff,
      kernel: head >>> 16,
      lwp,
      lwpName: lwpName(lwps, lwp),
      kind: EVENT_NAMES[number] || `kind-${number}`,
      args: argumentsOf(number, records, at, { strings, lwps }),
    });
  }
  return events;
}

interface Names {
  readonly strings: readonly string[];
  readonly lwps: ReadonlyMap<number, string>;
}

function argumentsOf(
  kind: number,
  records: Int32Array,
  at: number,
  names: Names,
): Record<string, string | number> {
  const args: Record<string, string | number> = {};
  (LAYOUTS[kind] ?? UNKNOWN).forEach(([name, type], i) => {
    args[name] = argument(type, records[at + 4 + i], names);
  });
  return args;
}

function argument(type: ArgKind, word: number, names: Names): string | number {
  if (type === 'string') return names.strings[word] ?? '…';
  if (type === 'hex') return `0x${(word >>> 0).toString(16)}`;
  if (type === 'lwp') return lwpName(names.lwps, word);
  return word;
}

function lwpName(lwps: ReadonlyMap<number, string>, lwp: number): string {
  if (lwp === 0) return '-';
  const name = lwps.get(lwp);
  return name === undefined || name === '' ? `#${lwp}` : `${name}#${lwp}`;
}
