/**
 * What is inside of a live value: fields, then elements or entries, each with its name, its value
 * and the way to it. The names are those that `rumpus core print` gives them:
 *
 *   size   [0]   ["a"]   [7]   [2: LWP 3 (init)]   Symbol(tag)
 *
 * The last but one is an entry of a map whose key is an object: its place comes first, so that no
 * two have the same name, and inside of it are the key and the value.
 */

import {
  elementExpression,
  entryExpression,
  fieldExpression,
  keyExpression,
  memberExpression,
} from './expression.ts';
import type { Handles, Held, How } from './handles.ts';
import { describeLive, keyText } from './live.ts';
import {
  bufferFields,
  elementAt,
  entriesFrom,
  fieldOf,
  kindOfValue,
  mapGet,
  membersFrom,
  propertyOf,
  sizeOf,
} from './read.ts';
import { extended, plainKey, type TrailStep } from './trail.ts';

/** Where a member is, for those who write it or watch it. */
export type MemberKey =
  | { readonly kind: 'field'; readonly key: string | symbol }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'entry'; readonly key: unknown; readonly index: number }
  | { readonly kind: 'member'; readonly index: number }
  /** It has no place of its own: a length, a key, a piece of a string, a variable of a scope. */
  | { readonly kind: 'none'; readonly why: string };

export interface Member {
  readonly name: string;
  readonly value: unknown;
  /** What stands instead of a value that is not there, or that code would have to compute. */
  readonly instead?: string;
  readonly key: MemberKey;
  readonly how: How;
  readonly writable: boolean;
  readonly optimizedAway?: boolean;
  /** It is an entry with an object for a key: inside are the key and the value. */
  readonly entryOf?: { readonly map: Map<unknown, unknown>; readonly how: How };
}

/** How a member is come by, through what it is in. */
export function inside({ frame, trail }: How, evaluateName: string, step: TrailStep | null): How {
  return { evaluateName, frame, trail: step === null ? null : extended(trail, step) };
}

/** A field of an object, as it is stored. */
export function fieldMember(object: object, key: string | symbol, how: How): Member {
  const step = typeof key === 'symbol' ? null : key;
  const base = {
    name: keyText(key),
    key: { kind: 'field', key } as const,
    how: inside(how, fieldExpression(how.evaluateName, key), step),
  };
  const field = fieldOf(object, key);
  const property = propertyOf(object, key);
  if (field === undefined) {
    return { ...base, value: undefined, instead: accessorText(property), writable: false };
  }
  return { ...base, value: field.value, writable: property?.writable === true };
}

function accessorText(property: PropertyDescriptor | undefined): string {
  if (property === undefined) return '(accessor: get)';
  if (property.set === undefined) return '(accessor: get)';
  return property.get === undefined ? '(accessor: set)' : '(accessor: get/set)';
}

/** Elements, members or entries of a value, from the `start`-th on, at most `count`. */
export function* indexedMembers(
  handles: Handles,
  object: object,
  how: How,
  start: number,
  count: number,
): Iterable<Member> {
  const kind = kindOfValue(object);
  let index = start;
  if (kind === 'map') {
    const map = object as Map<unknown, unknown>;
    for (const entry of limited(entriesFrom(map, start), count)) {
      yield entryMember(handles, map, entry, index++, how);
    }
  } else if (kind === 'set') {
    for (const value of limited(membersFrom(object as Set<unknown>, start), count)) {
      yield setMember(value, index++, how);
    }
  } else {
    const end = Math.min(start + count, sizeOf(object));
    for (; index < end; index++) yield elementMember(object, index, how);
  }
}

function* limited<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    if (--left <= 0) return;
  }
}

export function elementMember(object: object, index: number, how: How): Member {
  const key = { kind: 'element', index } as const;
  const name = `[${index}]`;
  const inner = inside(how, elementExpression(how.evaluateName, index), { index });
  const element = elementAt(object, index);
  if (element !== undefined) {
    const writable = propertyOf(object, String(index))?.writable === true;
    return { name, value: element.value, key, how: inner, writable };
  }
  const property = propertyOf(object, String(index));
  const instead = property === undefined ? '(empty)' : accessorText(property);
  const writable = property === undefined && Object.isExtensible(object);
  return { name, value: undefined, instead, key, how: inner, writable };
}

function setMember(value: unknown, index: number, how: How): Member {
  return {
    name: `[${index}]`,
    value,
    key: { kind: 'member', index },
    how: inside(how, memberExpression(how.evaluateName, index), { index }),
    writable: false,
  };
}

/** Longer names of entries start with their place, as they may be cut off alike. */
const KEY_MAX = 40;

export function entryMember(
  handles: Handles,
  map: Map<unknown, unknown>,
  [key, value]: readonly [unknown, unknown],
  index: number,
  how: How,
): Member {
  const plain = plainKey(key);
  const text = describeLive(handles, key);
  const isNamed = plain !== undefined && text.length <= KEY_MAX;
  const step: TrailStep = plain === undefined ? { entry: index, part: 'value' } : { mapKey: plain };
  const member: Member = {
    name: isNamed ? `[${text}]` : `[${index}: ${text}]`,
    value,
    key: { kind: 'entry', key, index },
    how: inside(how, entryExpression(how.evaluateName, key, index), step),
    writable: true,
  };
  return plain === undefined ? { ...member, entryOf: { map, how } } : member;
}

/** The key and the value of an entry. */
export function partsOfEntry(held: Extract<Held, { kind: 'entry' }>): Member[] {
  const { map, index, key, how } = held;
  const value = mapGet(map, key)?.value;
  return [
    {
      name: 'key',
      value: key,
      key: { kind: 'none', why: 'the key of a map cannot be changed, only deleted and set anew' },
      how: inside(how, keyExpression(how.evaluateName, index), { entry: index, part: 'key' }),
      writable: false,
    },
    {
      name: 'value',
      value,
      key: { kind: 'entry', key, index },
      how: inside(how, entryExpression(how.evaluateName, key, index), {
        entry: index,
        part: 'value',
      }),
      writable: true,
    },
  ];
}

/** What a view or buffer says of itself; these are no fields of its own. */
export function bufferMembers(object: object, how: How): Member[] {
  return bufferFields(object).map(([name, value]) => ({
    name,
    value,
    key: { kind: 'none', why: `the ${name} of a buffer cannot be changed` },
    how: inside(how, fieldExpression(how.evaluateName, name), name),
    writable: false,
  }));
}
