/**
 * What is inside an object of a core: named members, and numbered ones in pages. Names, numbers
 * and expressions are those that a running target gives (debugger/agent/values), so that what a
 * client has opened stays the same when the core is re-run.
 *
 * Numbered are elements of arrays and typed arrays, members of sets and entries of maps; everything
 * else has a name.
 */

import {
  type Core,
  describe,
  type GraphObject,
  type Value,
  viewElements,
  viewLength,
} from '../../../corefiles/index.ts';
import {
  elementExpression,
  entryExpression,
  fieldExpression,
  keyExpression,
  memberExpression,
} from '../../agent/values/expression.ts';

export interface Member {
  readonly name: string;
  readonly value: Value;
  /** Expression that gives it in its frame; '' when none does. */
  readonly expression: string;
  /** The key of an entry whose key is an object: inside are the key and the value. */
  readonly key?: { readonly value: Value; readonly expression: string };
}

/** Longer names of entries start with their place, as they may be cut off alike. */
const KEY_MAX = 40;

export function countNamed(object: GraphObject): number {
  let count = 0;
  for (const _ of object.fields()) count++;
  return count;
}

export function countIndexed(object: GraphObject): number {
  switch (object.kind) {
    case 'array':
    case 'set':
    case 'map':
      return object.size;
    case 'view':
      return viewLength(object);
    case 'sparse':
      return [...object.entries()].length;
    default:
      return 0;
  }
}

export function* namedMembers(object: GraphObject, of: string): Iterable<Member> {
  for (const [name, value] of object.fields()) {
    yield { name, value, expression: fieldExpression(of, name) };
  }
}

/** Numbered members from the `start`-th on. */
export function* indexedMembers(
  core: Core,
  object: GraphObject,
  of: string,
  start: number,
): Iterable<Member> {
  switch (object.kind) {
    case 'array':
      for (let i = start; i < object.size; i++) yield elementMember(i, object.get(i), of);
      return;
    case 'view':
      yield* viewMembers(object, of, start);
      return;
    case 'set':
      for (const [i, value] of numbered(object.elements(), start)) {
        yield { name: `[${i}]`, value, expression: memberExpression(of, i) };
      }
      return;
    case 'sparse':
      for (const [, [key, value]] of numbered(object.entries(), start)) {
        yield elementMember(Number(key), value, of);
      }
      return;
    default:
      for (const [i, [key, value]] of numbered(object.entries(), start)) {
        yield entryMember(core, i, key, value, of);
      }
  }
}

function elementMember(i: number, value: Value, of: string): Member {
  return { name: `[${i}]`, value, expression: elementExpression(of, i) };
}

function* viewMembers(object: GraphObject, of: string, start: number): Iterable<Member> {
  const elements = viewElements(object);
  for (let i = start; i < viewLength(object); i++) {
    yield elementMember(i, elements === undefined ? { kind: 'cut' } : elements[i], of);
  }
}

function entryMember(core: Core, i: number, key: Value, value: Value, of: string): Member {
  const text = describe(core, key);
  const plain = typeof key !== 'object' || key === null;
  const name = plain && text.length <= KEY_MAX ? `[${text}]` : `[${i}: ${text}]`;
  const member = { name, value, expression: entryExpression(of, key, i) };
  return plain ? member : { ...member, key: { value: key, expression: keyExpression(of, i) } };
}

function* numbered<T>(items: Iterable<T>, start: number): Iterable<[number, T]> {
  let i = 0;
  for (const item of items) {
    if (i >= start) yield [i, item];
    i++;
  }
}
