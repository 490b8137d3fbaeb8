/**
 * The place behind a variable: the object and the key that a write, or a data breakpoint, is about.
 *
 *   placeOf(handles, handle, '["a"]')   {object: Map(3), key: {kind: 'entry', key: 'a', …}, …}
 */

import { printable } from '../../../corefiles/index.ts';
import { TargetError } from '../../target/index.ts';
import type { Handles, Held, How } from './handles.ts';
import { keyText, typeOf } from './live.ts';
import {
  bufferMembers,
  elementMember,
  entryMember,
  fieldMember,
  indexedMembers,
  type Member,
  type MemberKey,
  partsOfEntry,
} from './members.ts';
import { entriesFrom, entryAt, fieldKeys, kindOfValue, mapGet, propertyOf } from './read.ts';
import type { Trail } from './trail.ts';
import { scopeMember } from './variables.ts';

export interface Place {
  /** What the member is in: an object, array, typed array, map or set; null for a scope. */
  readonly object: object | null;
  readonly key: MemberKey;
  readonly value: unknown;
  readonly writable: boolean;
  /** Class of the object. */
  readonly type: string;
  /** Of the member. */
  readonly how: How;
  /** Trail of the object. */
  readonly of: Trail | null;
}

/** Entries of a map that are compared by their names, when a name does not say which it is. */
const COMPARED_MAX = 100_000;

/** Where a variable is, by the name that variables() gave it. Errors: there is none. */
export function placeOf(handles: Handles, handle: number, name: string): Place {
  const held = handles.get(handle);
  const member = memberNamed(handles, held, name);
  if (member === undefined) throw new TargetError(`there is no ${printable(name)} in it`);
  const { key, value, writable, how } = member;
  const object = objectOf(held);
  return { object, key, value, writable, type: typeOf(object), how, of: held.how.trail };
}

function objectOf(held: Held): object | null {
  if (held.kind === 'scope') return null;
  if (held.kind === 'entry') return held.map;
  return typeof held.value === 'object' ? held.value : null;
}

/** The member as variables() shows it; undefined when there is none of that name. */
export function memberNamed(handles: Handles, held: Held, name: string): Member | undefined {
  const { how } = held;
  if (held.kind === 'scope') {
    const entry = held.entries.find((one) => printable(one.name) === name);
    return entry && scopeMember(entry, how);
  }
  if (held.kind === 'entry') return partsOfEntry(held).find((one) => one.name === name);
  const kind = kindOfValue(held.value);
  if (kind === undefined) return undefined;
  const object = held.value as object;
  const index = indexOf(name);
  if (kind === 'map' && name.startsWith('[')) {
    return entryNamed(handles, object as Map<unknown, unknown>, name, how);
  }
  if (kind === 'set' && index !== undefined) {
    return [...indexedMembers(handles, object, how, index, 1)][0];
  }
  if ((kind === 'array' || kind === 'view') && index !== undefined) {
    return elementNamed(object, index, how);
  }
  if (kind === 'view' || kind === 'buffer') {
    return bufferMembers(object, how).find((one) => one.name === name);
  }
  return fieldNamed(handles, object, name, how);
}

/** An index, as variables() writes it or bare. */
function indexOf(name: string): number | undefined {
  const match = /^(?:\[(\d+)\]|(\d+))$/.exec(name);
  return match === null ? undefined : Number(match[1] ?? match[2]);
}

function elementNamed(object: object, index: number, how: How): Member | undefined {
  const length = Array.isArray(object) ? object.length : undefined;
  if (length === undefined && propertyOf(object, String(index)) === undefined) return undefined;
  return length !== undefined && index >= length ? undefined : elementMember(object, index, how);
}

function fieldNamed(handles: Handles, object: object, name: string, how: How): Member | undefined {
  if (propertyOf(object, name) !== undefined) return fieldMember(object, name, how);
  const keys = handles.keys.of(object, fieldKeys);
  const key = keys.find((one) => printable(keyText(one)) === name);
  return key === undefined ? undefined : fieldMember(object, key, how);
}

function entryNamed(
  handles: Handles,
  map: Map<unknown, unknown>,
  name: string,
  how: How,
): Member | undefined {
  const matches = (member: Member) => printable(member.name) === name;
  const numbered = /^\[(\d+): /.exec(name);
  if (numbered !== null) {
    const index = Number(numbered[1]);
    const entry = entryAt(map, index);
    const member = entry && entryMember(handles, map, entry, index, how);
    return member !== undefined && matches(member) ? member : undefined;
  }
  for (const key of likelyKeys(name.slice(1, -1))) {
    const found = mapGet(map, key);
    if (found !== undefined) return entryMember(handles, map, [key, found.value], -1, how);
  }
  let index = 0;
  for (const entry of entriesFrom(map, 0)) {
    if (index >= COMPARED_MAX) return undefined;
    const member = entryMember(handles, map, entry, index++, how);
    if (matches(member)) return member;
  }
  return undefined;
}

/** Keys that a text in brackets most likely stands for. */
function likelyKeys(text: string): unknown[] {
  if (/^"[^"\\]*"$/.test(text)) return [text.slice(1, -1)];
  return /^-?\d+(\.\d+)?$/.test(text) ? [Number(text)] : [];
}
