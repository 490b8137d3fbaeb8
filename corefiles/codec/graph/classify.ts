/**
 * What an object is, found without running any of its code.
 *
 * Getters, proxies' traps, iterators, `toString` and `Symbol.toStringTag` may all be the program's;
 * only intrinsics taken at load time and property descriptors are used here.
 */

import { types } from 'node:util';
import type { ObjectKind } from './format.ts';

const MAX_PROTOTYPES = 32;

const typedArray = Reflect.getPrototypeOf(Uint8Array.prototype) as object;
const getViewBuffer = getter(typedArray, 'buffer');
const getViewOffset = getter(typedArray, 'byteOffset');
const getViewLength = getter(typedArray, 'byteLength');
const getDataBuffer = getter(DataView.prototype, 'buffer');
const getDataOffset = getter(DataView.prototype, 'byteOffset');
const getDataLength = getter(DataView.prototype, 'byteLength');

type Getter = (this: object) => unknown;

function getter(prototype: object, key: string): Getter {
  return Reflect.getOwnPropertyDescriptor(prototype, key)?.get as Getter;
}

/** The kind of `object`. A proxy is opaque: to ask it anything would run its traps. */
export function kindOf(object: object): ObjectKind {
  if (types.isProxy(object)) return 'opaque';
  if (Array.isArray(object)) return 'array';
  if (ArrayBuffer.isView(object)) return 'view';
  if (types.isMap(object)) return 'map';
  if (types.isSet(object)) return 'set';
  if (types.isGeneratorObject(object)) return 'opaque';
  if (types.isAnyArrayBuffer(object)) return 'buffer';
  return isOpaque(object) ? 'opaque' : 'object';
}

function isOpaque(object: object): boolean {
  return types.isPromise(object) || types.isWeakMap(object) || types.isWeakSet(object);
}

/** Names of classes, remembered by prototype. */
export class TypeNames {
  private readonly known = new Map<object, string>();

  of(object: object): string {
    if (types.isProxy(object)) return 'Proxy';
    const prototype = Reflect.getPrototypeOf(object);
    if (prototype === null) return 'Object';
    let name = this.known.get(prototype);
    if (name === undefined) {
      name = types.isGeneratorObject(object) ? 'Generator' : className(prototype);
      this.known.set(prototype, name);
    }
    return name;
  }
}

function className(prototype: object): string {
  let at: object | null = prototype;
  for (let i = 0; at !== null && i < MAX_PROTOTYPES && !types.isProxy(at); i++) {
    const made: unknown = Reflect.getOwnPropertyDescriptor(at, 'constructor')?.value;
    const name = typeof made === 'function' ? functionName(made) : '';
    if (name !== '') return name;
    at = Reflect.getPrototypeOf(at);
  }
  return 'Object';
}

/** A function's own name, when it is a plain string. */
export function functionName(f: object): string {
  if (types.isProxy(f)) return 'Proxy';
  const name: unknown = Reflect.getOwnPropertyDescriptor(f, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** An engine writes host paths into an error's stack, and making it may run the program's code. */
export function isHostField(object: object, key: string | symbol): boolean {
  return key === 'stack' && types.isNativeError(object);
}

/** Where a view lies in its buffer. */
export interface ViewRange {
  buffer: object;
  byteOffset: number;
  byteLength: number;
}

export function viewRange(view: object): ViewRange {
  const data = types.isDataView(view);
  const [buffer, offset, length] = data
    ? [getDataBuffer, getDataOffset, getDataLength]
    : [getViewBuffer, getViewOffset, getViewLength];
  try {
    return {
      buffer: buffer.call(view) as object,
      byteOffset: offset.call(view) as number,
      byteLength: length.call(view) as number,
    };
  } catch {
    // A DataView whose buffer was detached or shrunk says so by throwing.
    return { buffer: buffer.call(view) as object, byteOffset: 0, byteLength: 0 };
  }
}
