/** What is said of a moment and of what lies there, in words. No editor in here. */

import type { LocksBody, SyscallsBody, Where } from './protocol.ts';

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

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The status bar: `icount 1,204 · LWP 1 main · recorded`. */
export function statusText(where: Where): string {
  const name = where.lwpName === undefined || where.lwpName === '' ? '' : ` ${where.lwpName}`;
  const lwp = where.lwp === 0 ? 'no LWP' : `LWP ${where.lwp}${name}`;
  return `icount ${grouped(where.icount)} · ${lwp} · ${stateText(where)}`;
}

/** `recorded`: what is seen is what was, or will be, recorded; a diversion is neither. */
export function stateText({ diverted, kind }: Where): string {
  if (diverted) return 'diverted';
  return kind === 'core' ? 'core' : 'recorded';
}

const DIVERTED =
  'A value was written, so this is no longer the recorded run but a live one from there. ' +
  'The recording is untouched; going to an icount before the write comes back to it.';

/** Its tooltip. */
export function statusTooltip(where: Where): string {
  const lines = [`icount ${grouped(where.icount)} of ${grouped(where.lastIcount)}`];
  if (where.description !== undefined && where.description !== '') lines.push(where.description);
  if (where.diverted) lines.push(DIVERTED);
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

/** Locks that somebody waits for or holds; a circle of LWPs stands first. */
export function lockRows({ locks, cycle }: LocksBody): Row[] {
  const rows: Row[] = [];
  if (cycle.length > 0) {
    const children = cycle.map(({ lwp, name, lock }, i) => {
      const next = cycle[(i + 1) % cycle.length];
      return row(`LWP ${lwp} ${name}`, `waits for ${lock}, held by LWP ${next.lwp}`, 'arrow-down');
    });
    rows.push({ ...row('Deadlock', `${cycle.length} LWPs`, 'error'), children });
  }
  for (const { name, kind, holders, waiters } of locks) {
    const held = holders.map(({ lwp, name: who }) => row(`LWP ${lwp} ${who}`, 'holds it', 'lock'));
    const waits = waiters.map(({ lwp, name: who }) => row(`LWP ${lwp} ${who}`, 'waits', 'watch'));
    const count = waiters.length === 0 ? '' : `, ${waiters.length} waiting`;
    rows.push({ ...row(name, `${kind}${count}`, 'lock'), children: [...held, ...waits] });
  }
  return rows;
}

/** System calls, the latest first. */
export function syscallRows({ syscalls }: SyscallsBody): Row[] {
  return [...syscalls].reverse().map(({ icount, text, result }) => {
    const failed = /^E[A-Z0-9]+/.test(result.replace(/^[=\s-]*(\d+\s+)?/, ''));
    const icon = result === '' ? 'loading' : failed ? 'error' : 'pass';
    const said = result === '' ? 'in it' : result;
    return { ...row(text, `${said}  · ${grouped(icount)}`, icon), icount };
  });
}

function row(text: string, detail: string, icon: string): Row {
  return { text, detail, icon };
}
