/** What a data breakpoint on a variable would watch, or why it cannot. */

import type { DataInfo } from '../../target/target.ts';
import {
  type Handles,
  type MemberKey,
  type Place,
  placeOf,
  plainKey,
  storedField,
} from '../values/index.ts';
import type { DataKey } from './dataid.ts';
import { PATH } from './places.ts';

const ALL = ['read', 'write', 'readWrite', 'change'] as const;

/** Where the target stands. */
export interface Moment {
  readonly icount: number;
  readonly inside: boolean;
}

export function infoOf(place: Place, name: string, moment: Moment): DataInfo {
  const { object, of, key } = place;
  if (object === null) {
    return refused(`${name} is a variable; fields, elements and entries of maps can be watched`);
  }
  const why = refusal(object, key, name);
  if (why !== '') return refused(why);
  if (of === null) return refused(`${name} cannot be found again in another run`);
  const display = place.how.evaluateName || `${place.type}.${name}`;
  const byValue = isCompared(object, key);
  const dataKey = dataKeyOf(key);
  if (dataKey === undefined) return refused(`${name} has no place of its own`);
  const data = { of, icount: moment.icount, inside: moment.inside, key: dataKey, byValue };
  const dataId = JSON.stringify({ ...data, name: display });
  if (!byValue) return { dataId, description: display, accesses: ALL };
  const description = `${display}, compared at every statement, which is slower`;
  return { dataId, description, accesses: ['change'] };
}

export function refused(description: string): DataInfo {
  return { dataId: null, description, accesses: [] };
}

function refusal(object: object, key: MemberKey, name: string): string {
  if (key.kind === 'none') return `${name} cannot be watched: ${key.why}`;
  if (key.kind === 'member') return `${name} is a member of a set, which has no value to watch`;
  if (key.kind !== 'field') return '';
  if (typeof key.key === 'symbol') return `${name} is named by a symbol, which is not watched`;
  const isStored = storedField(object, key.key) !== undefined;
  return isStored ? '' : `${name} is computed by code whenever it is read`;
}

/** Bytes are written in many ways, and a length follows from other writes. */
function isCompared(object: object, key: MemberKey): boolean {
  if (ArrayBuffer.isView(object)) return true;
  return Array.isArray(object) && key.kind === 'field' && key.key === 'length';
}

function dataKeyOf(key: MemberKey): DataKey | undefined {
  if (key.kind === 'field') return { kind: 'field', name: String(key.key) };
  if (key.kind === 'element') return { kind: 'element', index: key.index };
  if (key.kind !== 'entry') return undefined;
  const plain = plainKey(key.key);
  if (plain !== undefined) return { kind: 'entry', key: plain };
  return key.index < 0 ? undefined : { kind: 'object entry', index: key.index };
}

/** `vp.mount.name` or `buf[3]`, in the owner's path and the member's name. */
export function splitPlace(expression: string): { owner: string; name: string } | undefined {
  const text = expression.trim();
  const element = /^(.*)(\[(?:\d+|"[^"\\]*")\])$/u.exec(text);
  if (element !== null && PATH.test(element[1])) return { owner: element[1], name: element[2] };
  const dot = text.lastIndexOf('.');
  if (dot < 0 || !PATH.test(text)) return undefined;
  return { owner: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** The place that an expression names in a frame. */
export function placeByExpression(
  handles: Handles,
  owner: object,
  split: { owner: string; name: string },
  at: { frame: number; lwp: number; depth: number },
): Place {
  const { lwp, depth } = at;
  const root = { kind: 'expression', text: split.owner, lwp, depth } as const;
  const frame = at.frame === 0 ? undefined : at.frame;
  const how = { evaluateName: split.owner, frame, trail: { root, steps: [] } };
  return placeOf(handles, handles.add(owner, how), split.name);
}
