/**
 * Live values as the Variables of a target.
 *
 *   variables(handles, handle, { filter: 'indexed', start: 1000, count: 100 });
 *
 * Only what is asked for is looked at; of a million elements, a page. What is asked for without a
 * limit is cut at PAGE_MAX, and the last variable says what is missing.
 */

import { printable } from '../../../corefiles/index.ts';
import type { Page, Variable } from '../../target/index.ts';
import { closed } from './expression.ts';
import type { Handles, Held, How, ScopeEntry } from './handles.ts';
import { describeFieldLive, typeOf } from './live.ts';
import {
  bufferMembers,
  fieldMember,
  indexedMembers,
  type Member,
  partsOfEntry,
} from './members.ts';
import { fieldKeys, kindOfValue, sizeOf } from './read.ts';
import { pieceMembers, piecesOf } from './text.ts';
import { extended } from './trail.ts';

/** Variables of one answer. */
const PAGE_MAX = 10_000;

export interface Counts {
  readonly named: number;
  readonly indexed: number;
}

/** How much is inside of a value. */
export function countsIn(handles: Handles, value: unknown): Counts {
  if (typeof value === 'string') return { named: 0, indexed: piecesOf(value) };
  const kind = kindOfValue(value);
  if (kind === undefined) return { named: 0, indexed: 0 };
  const object = value as object;
  if (kind === 'view') return { named: 3, indexed: sizeOf(object) };
  if (kind === 'buffer') return { named: 1, indexed: 0 };
  return { named: keysOf(handles, object).length, indexed: sizeOf(object) };
}

/** How much is behind a handle: for a Scope. */
export function countsOf(handles: Handles, handle: number): Counts {
  const held = handles.get(handle);
  if (held.kind === 'scope') return { named: held.entries.length, indexed: 0 };
  if (held.kind === 'entry') return { named: 2, indexed: 0 };
  return countsIn(handles, held.value);
}

function keysOf(handles: Handles, object: object): readonly (string | symbol)[] {
  return handles.keys.of(object, fieldKeys);
}

/**
 * A value as a Variable: what an evaluation gave. `how.evaluateName` is the expression, which need
 * not be a path.
 */
export function variableOf(handles: Handles, name: string, value: unknown, how: How): Variable {
  const key = { kind: 'none', why: 'the result of an expression has no place' } as const;
  const inner = { ...how, evaluateName: closed(how.evaluateName) };
  const variable = toVariable(handles, { name, value, key, how: inner, writable: false }, '');
  return { ...variable, evaluateName: how.evaluateName };
}

/** What is behind a handle, or a page of it. Errors: the handle is unknown. */
export function variables(handles: Handles, handle: number, page: Page = {}): Variable[] {
  const held = handles.get(handle);
  const type = held.kind === 'value' || held.kind === 'record' ? typeOf(held.value) : '';
  const counts = countsOf(handles, handle);
  const total = page.filter === undefined ? counts.named + counts.indexed : counts[page.filter];
  const start = Math.max(0, page.start ?? 0);
  const wanted = page.count === undefined || page.count <= 0 ? Infinity : page.count;
  const count = Math.max(0, Math.min(wanted, PAGE_MAX, total - start));
  const list: Variable[] = [];
  for (const member of pageOf(handles, held, counts, page.filter, start, count)) {
    list.push(toVariable(handles, member, type));
  }
  const left = Math.min(wanted, total - start) - count;
  if (left > 0) list.push(toVariable(handles, restMember(left, start + count), type));
  return list;
}

function* pageOf(
  handles: Handles,
  held: Held,
  counts: Counts,
  filter: Page['filter'],
  start: number,
  count: number,
): Iterable<Member> {
  const namedEnd = filter === 'indexed' ? 0 : counts.named;
  const named = Math.max(0, Math.min(count, namedEnd - start));
  if (named > 0) yield* namedMembers(handles, held, start, named);
  if (filter === 'named' || count <= named) return;
  if (held.kind !== 'value' && held.kind !== 'record') return;
  const from = Math.max(0, start - namedEnd);
  const { value, how } = held;
  if (typeof value === 'string') yield* pieceMembers(value, from, count - named);
  else yield* indexedMembers(handles, value as object, how, from, count - named);
}

function* namedMembers(
  handles: Handles,
  held: Held,
  start: number,
  count: number,
): Iterable<Member> {
  const { how } = held;
  if (held.kind === 'scope') {
    for (const entry of held.entries.slice(start, start + count)) yield scopeMember(entry, how);
  } else if (held.kind === 'entry') {
    yield* partsOfEntry(held).slice(start, start + count);
  } else {
    const object = held.value as object;
    const kind = kindOfValue(object);
    if (kind === 'view' || kind === 'buffer') {
      yield* bufferMembers(object, how).slice(start, start + count);
      return;
    }
    const first = held.kind === 'record' ? held.first : [];
    const keys = ordered(keysOf(handles, object), first);
    for (const key of keys.slice(start, start + count)) yield fieldMember(object, key, how);
  }
}

/** The keys with some of them first. */
function ordered(
  keys: readonly (string | symbol)[],
  first: readonly string[],
): readonly (string | symbol)[] {
  if (first.length === 0) return keys;
  const there = new Set(keys);
  const leading = new Set<string | symbol>(first.filter((key) => there.has(key)));
  return [...leading, ...keys.filter((key) => !leading.has(key))];
}

/** A variable of a scope; its expression is its name. */
export function scopeMember(entry: ScopeEntry, { frame, trail }: How): Member {
  const { name, value, writable, optimizedAway } = entry;
  return {
    name,
    value,
    key: { kind: 'none', why: `${name} is a variable, which is written through its frame` },
    how: {
      evaluateName: name,
      frame,
      trail: extended(trail, name),
    },
    writable: writable === true,
    optimizedAway: optimizedAway === true && value === undefined,
  };
}

function restMember(left: number, from: number): Member {
  return {
    name: '…',
    value: undefined,
    instead: `${left} more, from ${from}`,
    key: { kind: 'none', why: 'this is not a variable' },
    how: { evaluateName: '', trail: null },
    writable: false,
  };
}

/** A member as a Variable; `ownerType` is the class that it is a field of. */
export function toVariable(handles: Handles, member: Member, ownerType: string): Variable {
  const { name, value, instead, how, key, entryOf } = member;
  const field = key.kind === 'field' ? name : '';
  const text = instead ?? describeFieldLive(handles, ownerType, field, value);
  const counts = entryOf === undefined ? countsIn(handles, value) : { named: 2, indexed: 0 };
  const kind = kindOfValue(value);
  return {
    name: printable(name),
    value: member.optimizedAway === true ? 'undefined or optimised away' : text,
    type: instead === undefined ? printable(typeOf(value)) : '',
    handle: handleOf(handles, member, counts),
    ...counts,
    evaluateName: how.evaluateName,
    memory:
      kind === 'view' || kind === 'buffer' ? handles.addMemory(value as ArrayBuffer, how) : '',
    writable: member.writable,
    optimizedAway: member.optimizedAway === true,
  };
}

function handleOf(handles: Handles, member: Member, counts: Counts): number {
  const { value, key, how, entryOf } = member;
  if (entryOf !== undefined && key.kind === 'entry') {
    return handles.addEntry(entryOf.map, key.key, key.index, entryOf.how);
  }
  return counts.named + counts.indexed === 0 ? 0 : handles.add(value, how);
}
