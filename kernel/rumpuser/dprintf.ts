/**
 * rumpuser_dprintf(): the print routine of the host.
 *
 * It takes no locks, never yields, allocates nothing in the kernel, advances no icount and is no
 * part of a program's identity: the compiler leaves the statement out of every count, so adding
 * one to a failing program and replaying the old recording shows the old run.
 *
 * Example  rumpuser_dprintf('refcnt %d of fd %d\n', ff.refcnt, fd);
 */

import { hooks } from '../hooks.ts';
import { siteTable } from '../sites.ts';
import { EV_DPRINTF } from '../trace/ring.ts';
import { current } from '../world/current.ts';

/** Prints to the host. Conversions: %d %u %x %o %c %s %p %j (anything, shortened) %%. */
export function rumpuser_dprintf(format: string, ...args: readonly unknown[]): void {
  const w = current.world;
  if (w === null) return;
  if (w.ring === null && w.observer.dprintf === undefined) return;
  const text = formatText(format, args);
  const icount = hooks.printIcount();
  const path = hooks.printModule === 0 ? '' : (siteTable.modulePath(hooks.printModule) ?? '');
  if (w.ring !== null) {
    const l = current.lwp;
    const head = l === null ? EV_DPRINTF : EV_DPRINTF | (l.cpu.index << 8) | (l.kernel.id << 16);
    const ring = w.ring;
    const module = ring.intern(path);
    ring.put(icount, head, l === null ? 0 : l.id, ring.intern(text), module, hooks.printLine, 0);
  }
  w.observer.dprintf?.(text, path, hooks.printLine, icount);
}

/** Formats as printf(9) does, as far as numbers and strings of JavaScript go. */
export function formatText(format: string, args: readonly unknown[]): string {
  if (args.length === 0 && !format.includes('%')) return format;
  let next = 0;
  return format.replace(/%(-?\d*)l*([duxocspj%])/g, (whole, width: string, conversion: string) => {
    if (conversion === '%') return '%';
    if (next >= args.length) return whole;
    return pad(convert(conversion, args[next++]), width);
  });
}

function pad(text: string, width: string): string {
  if (width === '') return text;
  if (width.startsWith('-')) return text.padEnd(Number(width.slice(1)));
  return text.padStart(Number(width), width.startsWith('0') ? '0' : ' ');
}

function convert(conversion: string, arg: unknown): string {
  switch (conversion) {
    case 'x':
      return Number(arg).toString(16);
    case 'o':
      return Number(arg).toString(8);
    case 'c':
      return typeof arg === 'number' ? String.fromCharCode(arg) : String(arg);
    case 'p':
    case 'j':
      return summary(arg);
    default:
      return typeof arg === 'object' && arg !== null ? summary(arg) : String(arg);
  }
}

/** A value in a line: the type of an object with its simple fields. */
function summary(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.length} elements]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    if (fields.length >= 6) break;
    if (typeof field === 'number' || typeof field === 'string' || typeof field === 'boolean') {
      fields.push(`${name}: ${field}`);
    }
  }
  return `${value.constructor?.name ?? 'Object'} {${fields.join(', ')}}`;
}
