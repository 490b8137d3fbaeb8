/** Pieces of text that several commands print. */

import { printable } from '../../printable.ts';
import type { CoreLwp } from '../types.ts';

/** A place as people see it. */
export interface Place {
  readonly path: string;
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** `tmpfs_lookup (rumpus/kernel/fs/tmpfs/lookup.ts:42:3)`. */
export function frameLine(frame: Place & { readonly function: string }): string {
  return `${printable(frame.function) || '(anonymous)'} (${placeText(frame)})`;
}

/** `rumpus/kernel/kern/kern_mutex.ts:42:3`. */
export function placeText({ path, line, column }: Place): string {
  return path === '' ? 'source not known' : `${printable(path)}:${line}:${column}`;
}

/** `LWP 3 (init/3) of process 1 (init), sleeping on "a"`. */
export function lwpLine(l: CoreLwp): string {
  if (l.id === 0 && l.objectId < 0) return 'no LWP (interrupt)';
  const proc = l.procName === '' ? '' : ` of process ${l.pid} (${printable(l.procName)})`;
  const name = l.name === '' ? '' : ` (${printable(l.name)})`;
  return `LWP ${l.id}${name}${proc}, ${stateText(l)}`;
}

/** `running on cpu0`, `sleeping on "pipe"`. */
export function stateText(l: CoreLwp): string {
  if (l.current) return 'running';
  return l.wmesg === '' ? l.stat : `${l.stat} on "${printable(l.wmesg)}"`;
}

/** 1234567 as 1,234,567: the same on every host. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Nanoseconds as `1.234567 s`, `12.340 µs`. */
export function timeText(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(6)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e3).toFixed(2)} µs`;
}

/** Rows in columns: each as wide as its widest cell, the last one as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

/** A line of at most `most` characters. */
export function clipped(line: string, most: number): string {
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
