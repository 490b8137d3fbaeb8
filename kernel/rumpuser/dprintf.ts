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
    ring.put(icount, head, l === null ? 0 : l.id, ring.keep(text), module, hooks.printLine, 0);
  }
  w.observer.dprintf?.(text, path, hooks.printLine, icount);
}

/** A conversion of a format, and the text behind it. */
interface Conversion {
  /** As written: what stands for an argument that is missing. */
  readonly whole: string;
  readonly letter: string;
  readonly width: string;
  readonly behind: string;
}

interface Format {
  readonly before: string;
  readonly conversions: readonly Conversion[];
}

/** Formats as they were taken apart, since a print in a loop has one format. */
const formats = new Map<string, Format>();
/** Formats that are remembered. */
const FORMATS_MAX = 1000;

function formatOf(text: string): Format {
  let format = formats.get(text);
  if (format === undefined) {
    format = takeApart(text);
    if (formats.size < FORMATS_MAX) formats.set(text, format);
  }
  return format;
}

function takeApart(text: string): Format {
  const found = [...text.matchAll(/%(-?\d*)l*([duxocspj%])/g)];
  const conversions = found.map((match, i) => {
    const [whole, width, letter] = match;
    const behind = text.slice(match.index + whole.length, found[i + 1]?.index);
    return { whole, letter, width, behind };
  });
  return { before: text.slice(0, found[0]?.index), conversions };
}

/** Formats as printf(9) does, as far as numbers and strings of JavaScript go. */
export function formatText(format: string, args: readonly unknown[]): string {
  const { before, conversions } = formatOf(format);
  let text = before;
  let next = 0;
  for (let i = 0; i < conversions.length; i++) {
    const { whole, letter, width, behind } = conversions[i];
    if (letter === '%') text += '%';
    else if (next >= args.length) text += whole;
    else text += pad(convert(letter, args[next++]), width);
    text += behind;
  }
  return text;
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
