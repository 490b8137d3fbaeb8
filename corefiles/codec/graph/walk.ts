/** The state of a walk over a graph, and how a value enters a column. */

import { types } from 'node:util';
import type { BlobCollector } from './blobs.ts';
import { functionName, isHostField, type TypeNames } from './classify.ts';
import { type ColumnBuilder, MAX_COLUMN_INT, push } from './column.ts';
import { MAX_BIGINT_DIGITS, TAG } from './format.ts';
import type { SegmentWriter } from './segment-writer.ts';

export interface EncodeOptions {
  /** Objects to store; those found later are marked as cut. */
  maxObjects?: number;
  /** Fields and elements to store, about. */
  maxValues?: number;
  /** Milliseconds to spend walking. */
  maxMs?: number;
  /** Bytes of ArrayBuffers to store. */
  maxBlobBytes?: number;
  /** Characters of one string. */
  maxStringChars?: number;
  /** Objects of which only the type is stored. */
  omit?: ReadonlySet<object>;
  /** A clock in milliseconds. */
  now?: () => number;
}

export interface Walk {
  options: Required<EncodeOptions>;
  /** Every object numbered so far; its index is its number. */
  queue: object[];
  ids: Map<object, number>;
  names: TypeNames;
  blobs: BlobCollector;
  /** The segment of the object being visited. */
  segment: SegmentWriter;
  /** True when an object was not numbered for want of room. */
  refused: boolean;
}

/** The number of an object, new or not; -1 when there is no room for a new one. */
export function idOf(walk: Walk, object: object): number {
  const known = walk.ids.get(object);
  if (known !== undefined) return known;
  if (walk.queue.length >= walk.options.maxObjects) {
    walk.refused = true;
    return -1;
  }
  const id = walk.queue.push(object) - 1;
  walk.ids.set(object, id);
  return id;
}

/** Pushes a property's value, or that it has none without running its getter. */
export function pushField(
  walk: Walk,
  column: ColumnBuilder,
  object: object,
  key: string | symbol,
): void {
  const property = Reflect.getOwnPropertyDescriptor(object, key);
  if (property === undefined) push(column, TAG.hole, 0);
  else if ('value' in property && !isHostField(object, key)) {
    pushValue(walk, column, property.value);
  } else pushText(walk, column, TAG.accessor, accessOf(property));
}

function accessOf({ get, set }: PropertyDescriptor): string {
  if (set === undefined) return 'get';
  return get === undefined ? 'set' : 'get/set';
}

export function pushValue(walk: Walk, column: ColumnBuilder, value: unknown): void {
  if (typeof value === 'number') pushNumber(column, value);
  else if (typeof value === 'string') pushText(walk, column, TAG.string, value);
  else if (typeof value === 'boolean') push(column, value ? TAG.true : TAG.false, 0);
  else if (value === undefined) push(column, TAG.undefined, 0);
  else if (value === null) push(column, TAG.null, 0);
  else if (typeof value === 'object') pushObject(walk, column, value);
  else if (typeof value === 'function') {
    pushText(walk, column, TAG.function, functionName(value));
  } else if (typeof value === 'symbol') {
    pushText(walk, column, TAG.symbol, value.description ?? '');
  } else if (typeof value === 'bigint') pushBigint(walk, column, value);
}

/** An integer where it is one (not -0, which is no integer here), otherwise its 8 bytes. */
export function pushNumber(column: ColumnBuilder, value: number): void {
  const isSmall = (value | 0) === value;
  const isInt = isSmall || (Number.isInteger(value) && Math.abs(value) <= MAX_COLUMN_INT);
  push(column, isInt && !Object.is(value, -0) ? TAG.int : TAG.f64, value);
}

function pushObject(walk: Walk, column: ColumnBuilder, value: object): void {
  const id = idOf(walk, value);
  // Only a buffer that somebody holds itself is stored whole; see blobs.ts.
  if (id >= 0 && types.isAnyArrayBuffer(value)) {
    walk.blobs.want(id, value, 0, value.byteLength);
  }
  pushRef(column, id);
}

/** A reference to a numbered object, or a cut when there was no number left for it. */
export function pushRef(column: ColumnBuilder, id: number): void {
  if (id < 0) push(column, TAG.cut, 0);
  else push(column, TAG.ref, id);
}

function pushBigint(walk: Walk, column: ColumnBuilder, value: bigint): void {
  const digits = value.toString(16);
  if (digits.length > MAX_BIGINT_DIGITS) push(column, TAG.cut, 0);
  else pushText(walk, column, TAG.bigint, digits);
}

function pushText(walk: Walk, column: ColumnBuilder, tag: number, text: string): void {
  const most = walk.options.maxStringChars;
  const isShort = tag === TAG.bigint || text.length <= most;
  const index = walk.segment.text(isShort ? text : text.slice(0, most));
  if (index < 0) push(column, TAG.cut, 0);
  else push(column, isShort || tag !== TAG.string ? tag : TAG.cutString, index);
}
