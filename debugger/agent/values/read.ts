/**
 * Reading live objects without running any code of the target: no getter, no trap of a proxy, no
 * iterator or method that a program may have replaced. Only intrinsics taken when this is loaded.
 */

import { types } from 'node:util';
import { isHostField, kindOf, type ObjectKind, viewRange } from '../../../corefiles/index.ts';

const mapIterator = Map.prototype.entries;
const mapNext = Reflect.getPrototypeOf(new Map().entries())?.['next' as never] as unknown as Next;
const setIterator = Set.prototype.values;
const setNext = Reflect.getPrototypeOf(new Set().values())?.['next' as never] as unknown as Next;
const getFromMap = Map.prototype.get;
const hasInMap = Map.prototype.has;
const setInMap = Map.prototype.set;
const getMapSize = getter(Map.prototype, 'size');
const getSetSize = getter(Set.prototype, 'size');
const typedArray = Reflect.getPrototypeOf(Uint8Array.prototype) as object;
const getTypedLength = getter(typedArray, 'length');
const getBufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const getSharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');

type Next = (this: unknown) => IteratorResult<unknown>;
type Getter = (this: object) => unknown;

function getter(prototype: object, key: string): Getter {
  return Reflect.getOwnPropertyDescriptor(prototype, key)?.get as Getter;
}

/** What a live value is; undefined for what is no object. */
export function kindOfValue(value: unknown): ObjectKind | undefined {
  return typeof value === 'object' && value !== null ? kindOf(value) : undefined;
}

/** A property as it is stored; undefined when there is none, or reading it would run code. */
export function propertyOf(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  if (types.isProxy(object) || isHostField(object, key as string)) return undefined;
  try {
    return Reflect.getOwnPropertyDescriptor(object, key);
  } catch {
    // A variable of a module that is not initialised yet.
    return undefined;
  }
}

/** The value of a field; undefined when there is none, or reading it would run code. */
export function fieldOf(object: object, key: PropertyKey): { value: unknown } | undefined {
  const property = propertyOf(object, key);
  return property !== undefined && 'value' in property ? { value: property.value } : undefined;
}

/** Elements of an array or typed array, members of a set, entries of a map, bytes of a buffer. */
export function sizeOf(object: object): number {
  switch (kindOf(object)) {
    case 'array':
      return (object as unknown[]).length;
    case 'map':
      return getMapSize.call(object) as number;
    case 'set':
      return getSetSize.call(object) as number;
    case 'view':
      return types.isTypedArray(object) ? (getTypedLength.call(object) as number) : 0;
    case 'buffer':
      return (types.isSharedArrayBuffer(object) ? getSharedLength : getBufferLength).call(
        object,
      ) as number;
    default:
      return 0;
  }
}

/** Bytes that a view or buffer has. */
export function byteSizeOf(object: object): number {
  return ArrayBuffer.isView(object) ? viewRange(object).byteLength : sizeOf(object);
}

/** What a view or buffer says of itself, without being a field of its own. */
export function bufferFields(object: object): readonly (readonly [string, unknown])[] {
  if (types.isProxy(object)) return [];
  if (ArrayBuffer.isView(object)) return Object.entries(viewRange(object));
  return types.isAnyArrayBuffer(object) ? [['byteLength', sizeOf(object)]] : [];
}

export function bufferField(object: object, name: string): { value: unknown } | undefined {
  const found = bufferFields(object).find(([field]) => field === name);
  return found && { value: found[1] };
}

/** An element of an array or typed array, or a member of a set, by its place. */
export function elementAt(object: object, index: number): { value: unknown } | undefined {
  if (!types.isSet(object) || types.isProxy(object)) return fieldOf(object, String(index));
  if (!(index >= 0) || index >= sizeOf(object)) return undefined;
  for (const value of membersFrom(object, index)) return { value };
  return undefined;
}

/** Members of a set, from the n-th on. */
export function* membersFrom(set: Set<unknown>, start: number): Iterable<unknown> {
  const iterator = setIterator.call(set);
  for (let i = 0; ; i++) {
    const next = setNext.call(iterator);
    if (next.done === true) return;
    if (i >= start) yield next.value;
  }
}

/** Entries of a map, from the n-th on. */
export function* entriesFrom(
  map: Map<unknown, unknown>,
  start: number,
): Iterable<readonly [unknown, unknown]> {
  const iterator = mapIterator.call(map);
  for (let i = 0; ; i++) {
    const next = mapNext.call(iterator);
    if (next.done === true) return;
    if (i >= start) yield next.value as [unknown, unknown];
  }
}

/** The n-th entry of a map. */
export function entryAt(
  map: Map<unknown, unknown>,
  index: number,
): readonly [unknown, unknown] | undefined {
  if (!(index >= 0) || index >= sizeOf(map)) return undefined;
  for (const entry of entriesFrom(map, index)) return entry;
  return undefined;
}

/** What a map has for a key. */
export function mapGet(map: Map<unknown, unknown>, key: unknown): { value: unknown } | undefined {
  return hasInMap.call(map, key) ? { value: getFromMap.call(map, key) } : undefined;
}

export function mapSet(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
  setInMap.call(map, key, value);
}

/** Names of an object's own fields: of an array or typed array those that are no index. */
export function fieldKeys(object: object): readonly (string | symbol)[] {
  if (types.isProxy(object) || types.isTypedArray(object)) return [];
  if (!Array.isArray(object)) return Reflect.ownKeys(object);
  // To ask a huge array for its keys would make a string of every index.
  if (object.length > KEYED_MAX) return [];
  const keys = Reflect.ownKeys(object);
  return keys.slice(keys.indexOf('length') + 1);
}

/** Arrays up to this length are asked for fields of their own. */
const KEYED_MAX = 100_000;
