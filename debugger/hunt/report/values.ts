/**
 * What was in a field, an element or an entry, and how people read it.
 *
 * Nothing here runs code of the program: getters are not called.
 */

import { AtomicUint, Scope, SHAPE, WHOLE_OBJECT } from '../../../kernel/index.ts';

/** A value that was not seen. */
export const UNSEEN = Symbol('unseen');

const TEXT_MAX = 40;
const ARGS_MAX = 60;

/** The value of a variable now; UNSEEN where it has none, or cannot be seen from outside. */
export function valueIn(object: object | null, key: unknown): unknown {
  if (object === null || object instanceof Scope) return UNSEEN;
  if (object instanceof AtomicUint) return object.value;
  if (key === WHOLE_OBJECT) return UNSEEN;
  if (key === SHAPE) return sizeOf(object);
  if (object instanceof Map) return object.has(key) ? object.get(key) : undefined;
  if (object instanceof Set) return object.has(key);
  if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'symbol') return UNSEEN;
  const own = Object.getOwnPropertyDescriptor(object, key);
  // Nobody outside sees what is in a private field.
  if (own === undefined) return String(key).startsWith('#') ? UNSEEN : undefined;
  return 'value' in own ? own.value : UNSEEN;
}

function sizeOf(object: object): unknown {
  if (Array.isArray(object) || ArrayBuffer.isView(object)) {
    return (object as unknown as { length: number }).length;
  }
  return object instanceof Map || object instanceof Set ? object.size : UNSEEN;
}

/** A value in a few characters; `named` knows the names of objects. '' for one that was not seen. */
export function valueText(value: unknown, named: (object: object) => string): string {
  if (value === UNSEEN) return '';
  if (typeof value === 'string') return JSON.stringify(cut(value, TEXT_MAX));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `${value.name || 'function'}()`;
  if (typeof value === 'object' && value !== null) return named(value);
  return String(value);
}

/** The arguments of a system call in one line. */
export function argumentsText(args: readonly unknown[], named: (object: object) => string): string {
  return cut(args.map((value) => valueText(value, named)).join(', '), ARGS_MAX);
}

/** At most `length` characters of a text. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}
