/** What is said of a moment and of what lies there, in words. No editor in here. */

import type { EventsBody, LocksBody, PrintedLine, SyscallsBody } from './protocol.ts';

/** Where a session stands. */
export interface Where {
  readonly icount: number;
  readonly lastIcount: number;
  /** 0 for an interrupt or the boot path. */
  readonly lwp: number;
  /** `LWP 3 writer`; '' for none. */
  readonly lwpName: string;
  /** Why it stands there: `panic: …`, `vp.size: 0 → 512`; '' when nothing was said. */
  readonly description: string;
  /** It is no longer the recorded run, since somebody wrote to the past. */
  readonly diverted: boolean;
  /** `live`, `replay` or `core`. */
  readonly kind: string;
}

/** A line of a tree: what it says, what is beside it in grey, what it leads to. */
export interface Row {
  readonly text: string;
  readonly detail: string;
  /** A codicon. */
  readonly icon: string;
  /** Moment that a click goes to. */
  readonly icount?: number;
  readonly children?: readonly Row[];
}

/** Says who an LWP is: `LWP 3 writer`. */
export type Naming = (lwp: number) => string;

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The status bar: `icount 1,204 · LWP 1 main · recorded`. */
export function statusText({ icount, lwpName, diverted, kind }: Where): string {
  const who = lwpName === '' ? 'no LWP' : lwpName;
  const state = diverted ? 'diverted' : kind === 'core' ? 'core' : 'recorded';
  return `icount ${grouped(icount)} · ${who} · ${state}`;
}

const DIVERTED =
  'A value was written, so this is no longer the recorded run but a live one from there. ' +
  'The recording is untouched; going to an icount before the write comes back to it.';

/** Its tooltip. */
export function statusTooltip({ icount, lastIcount, description, diverted }: Where): string {
  const lines = [`icount ${grouped(icount)} of ${grouped(lastIcount)}`];
  if (description !== '') lines.push(description);
  if (diverted) lines.push(DIVERTED);
  return [...lines, 'Click to go to another icount.'].join('\n');
}

/** An icount as people type it: `1204`, `1,204`, `+50`, `-50`; undefined when it is none. */
export function parseIcount(text: string, from: number): number | undefined {
  const plain = text.trim().replaceAll(/[,_ ]/g, '');
  if (!/^[+-]?\d{1,15}$/.test(plain)) return undefined;
  const value = Number(plain);
  const icount = /^[+-]/.test(plain) ? from + value : value;
  return icount >= 1 ? icount : undefined;
}

/** Circles of LWPs that wait for each other, then the locks that are held or waited for. */
export function lockRows({ locks, cycles }: LocksBody, naming: Naming): Row[] {
  const circles = cycles.map((edges) => {
    const children = edges.map(({ waiter, lock, holder }) => {
      return row(naming(waiter), `waits for ${lock}, held by ${naming(holder)}`, 'arrow-down');
    });
    return { ...row('Deadlock', `${edges.length} LWPs wait for each other`, 'error'), children };
  });
  const rows = locks.map(({ name, type, owner, readers, waiters, objectId }) => {
    const holders = owner === 0 ? [] : [row(naming(owner), 'holds it', 'lock')];
    const reading = readers.map((lwp) => row(naming(lwp), 'holds it to read', 'book'));
    const waiting = waiters.map((lwp) => row(naming(lwp), 'waits for it', 'watch'));
    const count = waiters.length === 0 ? '' : `, ${waiters.length} waiting`;
    const children = [...holders, ...reading, ...waiting];
    return { ...row(`${name || 'lock'} #${objectId}`, `${type}${count}`, 'key'), children };
  });
  return [...circles, ...rows];
}

/** System calls of an LWP, the latest first: each where it began, with what it came to. */
export function syscallRows({ events, current }: SyscallsBody): Row[] {
  const rows: Row[] = [];
  for (const { kind, text, icount } of events) {
    const last = rows.at(-1);
    if (kind === 'syscall:enter') rows.push({ ...row(text, 'did not return', 'circle'), icount });
    else if (last !== undefined) rows[rows.length - 1] = returned(last, text);
    else rows.push({ ...returned(row(text.split(' = ')[0], '', ''), text), icount });
  }
  if (current !== '') {
    // An LWP that is about to make its call has not begun it.
    const begun = rows.at(-1)?.icon === 'circle' ? rows.pop() : undefined;
    rows.push({ ...row(current, 'in it now', 'debug-start'), icount: begun?.icount });
  }
  return rows.reverse().map(dated);
}

/** `mkdir = 0`, `open = -1 errno 2 ENOENT` */
function returned(call: Row, text: string): Row {
  const result = text.slice(text.indexOf('=') + 1).trim();
  const failed = result.startsWith('-1 ') || /^E[A-Z]/.test(result);
  return { ...call, detail: `= ${result}`, icon: failed ? 'error' : 'pass' };
}

function dated(one: Row): Row {
  return one.icount === undefined
    ? one
    : { ...one, detail: `${one.detail} · ${grouped(one.icount)}` };
}

/** Icons by the first word of an event's kind. */
const ICONS: Readonly<Record<string, string>> = {
  syscall: 'symbol-method',
  sched: 'arrow-swap',
  lock: 'lock',
  irq: 'zap',
  bio: 'database',
  net: 'broadcast',
  vfs: 'files',
  mem: 'symbol-array',
  errno: 'error',
  dprintf: 'comment',
  console: 'terminal',
  log: 'output',
  lwp: 'person',
};

/**
 * Events and what was printed, the latest first. A dprintf is an event already; what stands on the
 * console, or is said by a log point, is not.
 */
export function eventRows(
  { events }: EventsBody,
  printed: readonly PrintedLine[],
  naming: Naming,
): Row[] {
  const lines = printed
    .filter(({ kind }) => kind !== 'dprintf')
    .map(({ kind, text, icount, lwp }) => {
      const detail = `${grouped(icount)} · ${lwp === 0 ? kind : naming(lwp)}`;
      return { ...row(text, detail, ICONS[kind] ?? 'circle-small'), icount };
    });
  const rows = events.map(({ icount, cpu, lwp, kind, text }) => {
    const who = lwp === 0 ? `CPU ${cpu}` : `${naming(lwp)} on CPU ${cpu}`;
    const icon = ICONS[kind.split(':')[0]] ?? 'circle-small';
    return { ...row(`${kind} ${text}`, `${grouped(icount)} · ${who}`, icon), icount };
  });
  return [...rows, ...lines].sort((a, b) => b.icount - a.icount);
}

function row(text: string, detail: string, icon: string): Row {
  return { text, detail, icon };
}
