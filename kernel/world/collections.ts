/**
 * What methods of arrays, typed arrays, maps and sets access: which elements, and whether the length,
 * size or order (SHAPE). Entries are independent: a get() of one key and a set() of another do not
 * meet.
 */

import { type AccessKind, READ, WRITE } from '../accesses.ts';
import { current } from './current.ts';
import { SHAPE, type Variable, type Variables } from './variable.ts';

export interface ElementAccess {
  readonly v: Variable;
  readonly kind: AccessKind;
}

const READ_ENTRY = new Set(['get', 'has', 'at']);
const WRITE_ENTRY = new Set(['set', 'add', 'delete']);
const WRITE_ALL = new Set([
  'clear',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
]);

/** The key under which a field or element of an object is known. */
export function keyOf(object: object, key: unknown): unknown {
  if (key === 'length' && (Array.isArray(object) || ArrayBuffer.isView(object))) return SHAPE;
  if (key === 'size' && (object instanceof Map || object instanceof Set)) return SHAPE;
  if (typeof key === 'string' && Array.isArray(object) && /^\d+$/.test(key)) return Number(key);
  return key;
}

/** What a method call accesses; what matters most comes first. */
export function collectionAccess(
  variables: Variables,
  object: object,
  method: string,
  key: unknown,
): readonly ElementAccess[] {
  const one = (k: unknown, kind: AccessKind): ElementAccess => ({
    v: variables.of(object, k, current.lwp),
    kind,
  });
  const keyed = object instanceof Map || object instanceof Set;
  if (READ_ENTRY.has(method)) return [one(key, READ)];
  if (keyed && WRITE_ENTRY.has(method)) {
    const changes = object.has(key) === (method === 'delete');
    return changes ? [one(key, WRITE), one(SHAPE, WRITE)] : [one(key, WRITE)];
  }
  if (Array.isArray(object) && method === 'push') {
    return [one(SHAPE, WRITE), one(object.length, WRITE)];
  }
  if (Array.isArray(object) && method === 'pop') {
    return [one(SHAPE, WRITE), one(object.length - 1, WRITE)];
  }
  const kind = WRITE_ALL.has(method) || method === 'set' ? WRITE : READ;
  return all(variables, object, kind);
}

/** What an iteration over all elements accesses. */
export function iteration(variables: Variables, object: object): readonly ElementAccess[] {
  return all(variables, object, READ);
}

function all(variables: Variables, object: object, kind: AccessKind): readonly ElementAccess[] {
  const shape = variables.of(object, SHAPE, current.lwp);
  const elements = variables.ofObject(object).filter((v) => v !== shape);
  for (const v of elements) variables.of(object, v.key, current.lwp);
  return [shape, ...elements].map((v) => ({ v, kind }));
}
