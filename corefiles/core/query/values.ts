/**
 * Values of a core, or of a live run, as one line of text, safe for a terminal.
 *
 *   42   "name"   LWP 3 (init/3)   mutex 'a' #35   Array(4) [1, 2, …] #12   {fd: 3, path: "/a"} #7
 */

import type { Graph, GraphObject, Value } from '../../codec/index.ts';
import { printable } from '../../printable.ts';
import { constantName } from './constants.ts';
import { numberOf, textOf } from './fields.ts';

/** Where values are: a core, or live objects made to look like those of one. */
export interface ValueSource {
  readonly graph: Pick<Graph, 'deref'> | undefined;
  /** The objects have no numbers by which one could ask for them. */
  readonly unnumbered?: true;
}

/** Characters of a string, and of a summary of an object's content. */
const TEXT_MAX = 60;
const SUMMARY_MAX = 48;
/** Elements or fields that are looked at for a summary. */
const FIELDS_MAX = 6;
const BYTES_MAX = 12;

/** A value in a line. */
export function describe(source: ValueSource, value: Value | undefined): string {
  const object = source.graph?.deref(value);
  if (object !== undefined) return describeObject(source, object);
  return scalar(value);
}

/** A field's value in a line: with the kernel's name for it, if it has one: `VREG (1)`. */
export function describeField(
  source: ValueSource,
  type: string,
  name: string,
  value: Value | undefined,
): string {
  const constant = constantName(type, name, value);
  const text = describe(source, value);
  return constant === '' ? text : `${constant} (${text})`;
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
  // What is beyond cannot show: making text printable never shortens it.
  const beginning = text.slice(0, TEXT_MAX + 1);
  return `"${shortened(printable(beginning).replaceAll('"', '\\"'), TEXT_MAX)}"`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** An object by what it is known by, and its number. */
export function describeObject(source: ValueSource, object: GraphObject): string {
  const named = namedText(source, object) ?? errorText(source, object);
  if (named !== undefined) return printable(named);
  return `${typeAndContent(source, object)}${mark(source, object)}`;
}

/** Types that everybody knows by a name or number. */
const NAMED: ReadonlyMap<string, (object: GraphObject) => string> = new Map([
  ['Lwp', (l: GraphObject) => `LWP ${numberOf(l, 'id')} (${textOf(l, 'name')})`],
  ['Proc', (p: GraphObject) => `process ${numberOf(p, 'pid')} (${textOf(p, 'name')})`],
  ['Kernel', (k: GraphObject) => `kernel '${textOf(k, 'name')}'`],
  ['Cpu', (cpu: GraphObject) => `cpu${numberOf(cpu, 'index')}`],
  ['KMutex', (m: GraphObject) => `mutex '${textOf(m, 'name')}'`],
  ['KRwlock', (m: GraphObject) => `rwlock '${textOf(m, 'name')}'`],
  ['KCondvar', (cv: GraphObject) => `condvar '${textOf(cv, 'wmesg')}'`],
]);

function namedText(source: ValueSource, object: GraphObject): string | undefined {
  if (object.type === 'Errno') {
    return `${textOf(object, 'code') || 'errno'} (${numberOf(object, 'errno')})`;
  }
  const text = NAMED.get(object.type)?.(object);
  return text === undefined ? undefined : `${text}${mark(source, object)}`;
}

function mark(source: ValueSource, object: GraphObject): string {
  return source.unnumbered === true ? '' : ` #${object.id}`;
}

/** Errors by their message: whatever has a stack and a message. */
function errorText(source: ValueSource, object: GraphObject): string | undefined {
  if (object.kind !== 'object' || object.get('stack') === undefined) return undefined;
  const message = object.get('message');
  if (typeof message !== 'string') return undefined;
  return `${object.type}: ${shortened(message, TEXT_MAX)}${mark(source, object)}`;
}

function isFunction(value: Value): boolean {
  return typeof value === 'object' && value !== null && value.kind === 'function';
}

function typeAndContent(source: ValueSource, object: GraphObject): string {
  const { kind, size } = object;
  const type = printable(object.type);
  switch (kind) {
    case 'array':
      return `Array(${size}) [${contents(elementTexts(source, object), size)}]`;
    case 'set':
      return `Set(${size}) {${contents(elementTexts(source, object), size)}}`;
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
      const texts = fields.map(([name, value]) => {
        const text = constantName(object.type, name, value) || brief(source, value);
        return `${printable(name)}: ${text}`;
      });
      const body = `{${contents(texts.slice(0, FIELDS_MAX), texts.length)}}`;
      return type === 'Object' ? body : `${type} ${body}`;
    }
  }
}

function elementTexts(source: ValueSource, object: GraphObject): string[] {
  return [...first(object.elements(), FIELDS_MAX)].map((value) => brief(source, value));
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
function brief(source: ValueSource, value: Value): string {
  const object = source.graph?.deref(value);
  if (object === undefined) return shortened(scalar(value), 24);
  return printable(namedText(source, object) ?? `${object.type}${mark(source, object)}`);
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
