/**
 * Values of a core as one line of text, safe for a terminal.
 *
 *   42   "name"   LWP 3 (init/3)   mutex 'a' #35   Array(4) [1, 2, …] #12   {fd: 3, path: "/a"} #7
 */

import type { GraphObject, Value } from '../../codec/index.ts';
import { printable } from '../../printable.ts';
import type { Core } from '../types.ts';
import { numberOf, textOf } from './fields.ts';

/** Characters of a string, and of a summary of an object's content. */
const TEXT_MAX = 60;
const SUMMARY_MAX = 48;
/** Elements or fields that are looked at for a summary. */
const FIELDS_MAX = 6;
const BYTES_MAX = 12;

/** A value in a line. */
export function describe(core: Core, value: Value | undefined): string {
  const object = core.graph?.deref(value);
  if (object !== undefined) return describeObject(core, object);
  return scalar(value);
}

/** A value without the content of what it refers to. */
function scalar(value: Value | undefined): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${shortened(String(value), TEXT_MAX)}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  switch (value.kind) {
    case 'ref':
      return `#${value.id} (not in the file)`;
    case 'symbol':
      return `Symbol(${printable(value.description)})`;
    case 'function':
      return `${printable(value.name) || '(anonymous)'}()`;
    case 'accessor':
      return `(accessor: ${value.access})`;
    case 'hole':
      return '(empty)';
    case 'cut':
      return value.text === undefined ? '(left out)' : `${quoted(value.text)}…`;
  }
}

function quoted(text: string): string {
  return `"${shortened(printable(text).replaceAll('"', '\\"'), TEXT_MAX)}"`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** An object by what it is known by, and its number. */
export function describeObject(core: Core, object: GraphObject): string {
  const named = NAMED.get(object.type)?.(object) ?? errorText(object);
  if (named !== undefined) return printable(named);
  return `${typeAndContent(core, object)} #${object.id}`;
}

/** Types that everybody knows by a name or number. */
const NAMED: ReadonlyMap<string, (object: GraphObject) => string> = new Map([
  ['Lwp', (l: GraphObject) => `LWP ${numberOf(l, 'id')} (${textOf(l, 'name')}) #${l.id}`],
  ['Proc', (p: GraphObject) => `process ${numberOf(p, 'pid')} (${textOf(p, 'name')}) #${p.id}`],
  ['Kernel', (k: GraphObject) => `kernel '${textOf(k, 'name')}' #${k.id}`],
  ['Cpu', (cpu: GraphObject) => `cpu${numberOf(cpu, 'index')} #${cpu.id}`],
  ['KMutex', (m: GraphObject) => `mutex '${textOf(m, 'name')}' #${m.id}`],
  ['KRwlock', (m: GraphObject) => `rwlock '${textOf(m, 'name')}' #${m.id}`],
  ['KCondvar', (cv: GraphObject) => `condvar '${textOf(cv, 'wmesg')}' #${cv.id}`],
  ['Errno', (e: GraphObject) => `${textOf(e, 'code') || 'errno'} (${numberOf(e, 'errno')})`],
]);

/** Errors by their message: whatever has a stack and a message. */
function errorText(object: GraphObject): string | undefined {
  if (object.kind !== 'object' || object.get('stack') === undefined) return undefined;
  const message = object.get('message');
  if (typeof message !== 'string') return undefined;
  return `${object.type}: ${shortened(message, TEXT_MAX)} #${object.id}`;
}

function isFunction(value: Value): boolean {
  return typeof value === 'object' && value !== null && value.kind === 'function';
}

function typeAndContent(core: Core, object: GraphObject): string {
  const { kind, size } = object;
  const type = printable(object.type);
  switch (kind) {
    case 'array':
      return `Array(${size}) [${contents(elementTexts(core, object), size)}]`;
    case 'set':
      return `Set(${size}) {${contents(elementTexts(core, object), size)}}`;
    case 'map':
    case 'sparse':
      return `${kind === 'map' ? 'Map' : 'Array'}(${size})`;
    case 'view':
    case 'buffer':
      return `${type}(${size}) ${hex(object)}`.trimEnd();
    case 'opaque':
      return type;
    default: {
      const fields = [...first(object.fields(), FIELDS_MAX + 1)];
      if (fields.length > 1 && fields.every(([, value]) => isFunction(value))) {
        return `${type} of functions`;
      }
      const texts = fields.map(([name, value]) => `${printable(name)}: ${brief(core, value)}`);
      const body = `{${contents(texts.slice(0, FIELDS_MAX), texts.length)}}`;
      return type === 'Object' ? body : `${type} ${body}`;
    }
  }
}

function elementTexts(core: Core, object: GraphObject): string[] {
  return [...first(object.elements(), FIELDS_MAX)].map((value) => brief(core, value));
}

/** As many texts as fit, and a mark when there are more. */
function contents(texts: readonly string[], count: number): string {
  let line = '';
  for (let i = 0; i < texts.length; i++) {
    const next = i === 0 ? texts[i] : `${line}, ${texts[i]}`;
    if (next.length > SUMMARY_MAX) return line === '' ? '…' : `${line}, …`;
    line = next;
  }
  return count > texts.length ? `${line}, …` : line;
}

/** A value inside a summary: objects by type and number only. */
function brief(core: Core, value: Value): string {
  const object = core.graph?.deref(value);
  if (object === undefined) return shortened(scalar(value), 24);
  return printable(NAMED.get(object.type)?.(object) ?? `${object.type} #${object.id}`);
}

function hex(object: GraphObject): string {
  const bytes = object.size > 0 ? object.bytes()?.subarray(0, BYTES_MAX) : undefined;
  if (bytes === undefined) return '';
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return object.size > BYTES_MAX ? `${text} …` : text;
}

function* first<T>(items: Iterable<T>, most: number): Iterable<T> {
  let count = 0;
  for (const item of items) {
    if (count++ === most) return;
    yield item;
  }
}
