/** How each kind of object enters the segment: its shape, its fields, its elements. */

import { isProxy } from 'node:util/types';
import { kindOf, viewRange } from './classify.ts';
import { push } from './column.ts';
import { MAX_ELEMENTS, type ObjectKind, TAG } from './format.ts';
import type { ShapeRows } from './segment-writer.ts';
import { idOf, pushField, pushNumber, pushRef, pushValue, type Walk } from './walk.ts';

type Key = string | symbol;

/** Objects with more fields than this are stored as dictionaries. */
const MAX_SHAPE_FIELDS = 64;
/** An array is sparse when its length is over so many times its elements, and a few more. */
const SPARSE_FACTOR = 4;
const SPARSE_FROM = 64;
const VIEW_KEYS: Key[] = ['buffer', 'byteOffset', 'byteLength'];
const BUFFER_KEYS: Key[] = ['byteLength'];
const NO_KEYS: Key[] = [];

// A subclass may replace these, so the intrinsics are used.
const forEachEntry = Map.prototype.forEach;
const forEachMember = Set.prototype.forEach;

/** Stores one object. */
export function visit(walk: Walk, object: object): void {
  const type = walk.names.of(object);
  if (isProxy(object) || walk.options.omit.has(object)) {
    walk.segment.row(shapeOf(walk, 'opaque', type, NO_KEYS));
    return;
  }
  const kind = kindOf(object);
  if (kind === 'array') visitArray(walk, object as unknown[], type);
  else if (kind === 'map') visitMap(walk, object as Map<unknown, unknown>, type);
  else if (kind === 'set') visitSet(walk, object as Set<unknown>, type);
  else if (kind === 'view') visitView(walk, object, type);
  else if (kind === 'buffer') visitBuffer(walk, object as ArrayBufferLike, type);
  else visitFields(walk, object, kind, type);
}

function visitFields(walk: Walk, object: object, kind: ObjectKind, type: string): void {
  const keys = Reflect.ownKeys(object);
  const shape = keys.length > MAX_SHAPE_FIELDS ? undefined : walk.segment.shape(kind, type, keys);
  if (shape === undefined) visitDictionary(walk, object, type, keys);
  else addRow(walk, object, shape);
}

function visitDictionary(walk: Walk, object: object, type: string, keys: Key[]): void {
  const shape = shapeOf(walk, 'dictionary', type, NO_KEYS);
  walk.segment.row(shape);
  addElements(walk, shape, keys.length, (i) => {
    pushValue(walk, shape.elements[0], keys[i]);
    pushField(walk, shape.elements[1], object, keys[i]);
  });
}

function visitArray(walk: Walk, array: unknown[], type: string): void {
  const length = array.length;
  // To ask a huge array for its keys would cost more than it is going to get.
  const keys = length > MAX_ELEMENTS ? NO_KEYS : Reflect.ownKeys(array);
  const isDense = keys.length === length + 1 && keys[length] === 'length';
  const indices = isDense ? length : countIndices(keys);
  if (length <= MAX_ELEMENTS && length > SPARSE_FACTOR * indices + SPARSE_FROM) {
    visitSparse(walk, array, type, keys);
    return;
  }
  const extra = isDense ? NO_KEYS : keys.slice(indices).filter((key) => key !== 'length');
  const shape = shapeOf(walk, 'array', type, extra);
  addRow(walk, array, shape);
  addElements(walk, shape, length, (i) => {
    pushField(walk, shape.elements[0], array, i as unknown as string);
  });
}

function countIndices(keys: Key[]): number {
  // Own keys come with the indices first, and 'length' is the first other key of an array.
  const at = keys.indexOf('length');
  return Math.max(0, at);
}

/** Pairs of index and element, after the pair of 'length' and the length. */
function visitSparse(walk: Walk, array: unknown[], type: string, keys: Key[]): void {
  const named = ['length', ...keys.filter((key) => key !== 'length')];
  const indices = countIndices(keys);
  const shape = shapeOf(walk, 'sparse', type, NO_KEYS);
  walk.segment.row(shape);
  addElements(walk, shape, named.length, (i) => {
    if (i > 0 && i <= indices) pushNumber(shape.elements[0], Number(named[i]));
    else pushValue(walk, shape.elements[0], named[i]);
    pushField(walk, shape.elements[1], array, named[i]);
  });
}

function visitMap(walk: Walk, map: Map<unknown, unknown>, type: string): void {
  const shape = shapeOf(walk, 'map', type, Reflect.ownKeys(map));
  addRow(walk, map, shape);
  const flat: unknown[] = [];
  forEachEntry.call(map, (value, key) => flat.push(key, value));
  addElements(walk, shape, flat.length / 2, (i) => {
    pushValue(walk, shape.elements[0], flat[2 * i]);
    pushValue(walk, shape.elements[1], flat[2 * i + 1]);
  });
}

function visitSet(walk: Walk, set: Set<unknown>, type: string): void {
  const shape = shapeOf(walk, 'set', type, Reflect.ownKeys(set));
  addRow(walk, set, shape);
  const flat: unknown[] = [];
  forEachMember.call(set, (member) => flat.push(member));
  addElements(walk, shape, flat.length, (i) => pushValue(walk, shape.elements[0], flat[i]));
}

function visitView(walk: Walk, view: object, type: string): void {
  const { buffer, byteOffset, byteLength } = viewRange(view);
  const shape = shapeOf(walk, 'view', type, VIEW_KEYS);
  walk.segment.row(shape);
  walk.segment.values += VIEW_KEYS.length;
  const id = idOf(walk, buffer);
  if (id >= 0) walk.blobs.want(id, buffer, byteOffset, byteOffset + byteLength);
  pushRef(shape.fields[0], id);
  pushNumber(shape.fields[1], byteOffset);
  pushNumber(shape.fields[2], byteLength);
}

function visitBuffer(walk: Walk, buffer: ArrayBufferLike, type: string): void {
  const shape = shapeOf(walk, 'buffer', type, BUFFER_KEYS);
  walk.segment.row(shape);
  walk.segment.values++;
  pushNumber(shape.fields[0], buffer.byteLength);
}

/** The shape with these keys; when a type has too many shapes, the one without named fields. */
function shapeOf(walk: Walk, kind: ObjectKind, type: string, keys: Key[]): ShapeRows {
  const few = keys.length > MAX_SHAPE_FIELDS ? NO_KEYS : keys;
  return walk.segment.shape(kind, type, few) ?? walk.segment.plainShape(kind, type);
}

/** Adds a row with the fields of `shape`. */
function addRow(walk: Walk, object: object, shape: ShapeRows): void {
  walk.segment.row(shape);
  walk.segment.values += shape.keys.length;
  for (let i = 0; i < shape.keys.length; i++) {
    pushField(walk, shape.fields[i], object, shape.keys[i]);
  }
}

/** Adds `count` elements, each by `add`, or as many as there may be and a mark. */
function addElements(walk: Walk, shape: ShapeRows, count: number, add: (i: number) => void): void {
  const most = Math.min(count, MAX_ELEMENTS);
  for (let i = 0; i < most; i++) add(i);
  if (most < count) for (const column of shape.elements) push(column, TAG.cut, 0);
  const length = most < count ? most + 1 : most;
  shape.lengths.push(length);
  walk.segment.values += length * shape.elements.length;
}
