/**
 * `rumpus core print PATH`: an object, its fields, and theirs.
 *
 *   kernel.procs[1] = Proc #17
 *     pid       1
 *     parent    process 0 (system) #9
 *     fd        Filedesc {slots: Array #40, …} #39
 *
 * What is deeper is named by its number: `print #39`. Long lists come in pages.
 */

import type { GraphObject, Value } from '../../codec/index.ts';
import { printable } from '../../printable.ts';
import { describe, describeField } from '../query/values.ts';
import type { Core } from '../types.ts';
import { clipped } from './lines.ts';

export interface PrintOptions {
  /** First field or element shown, from 0. */
  readonly from?: number;
  /** How many are shown. */
  readonly count?: number;
  /** Levels of objects that are opened; 1 shows only the fields. */
  readonly depth?: number;
}

/** A value, opened. */
export interface Printed {
  readonly name: string;
  /** The value as a line. */
  readonly text: string;
  /** Number of the object; -1 for other values. */
  readonly objectId: number;
  readonly type: string;
  readonly members: readonly Printed[];
  /** Members that there are. */
  readonly total: number;
  /** The first that is in `members`. */
  readonly from: number;
  /** An object that is shown further up. */
  readonly seen: boolean;
}

const COUNT = 40;
const NESTED_COUNT = 12;
const DEPTH_MAX = 8;

/** What is at a path. Errors: no-such-path. */
export function printOf(core: Core, path: string, options: PrintOptions = {}): Printed {
  const { path: name, value } = core.resolve(path);
  const depth = Math.min(options.depth ?? 1, DEPTH_MAX);
  const page = { from: Math.max(0, options.from ?? 0), count: options.count ?? COUNT };
  return open(core, name, value, depth, page, new Set());
}

interface Page {
  readonly from: number;
  readonly count: number;
}

/** Recurses no deeper than DEPTH_MAX. */
function open(
  core: Core,
  name: string,
  value: Value,
  depth: number,
  page: Page,
  seen: ReadonlySet<number>,
): Printed {
  const object = core.graph?.deref(value);
  const text = describe(core, value);
  const base = { name, text, objectId: object?.id ?? -1, type: object?.type ?? typeof value };
  const closed = { ...base, members: [], from: 0, seen: false };
  if (object === undefined || depth === 0) return { ...closed, total: 0 };
  if (seen.has(object.id)) return { ...closed, total: 0, seen: true };
  const all = membersOf(core, object);
  const inside = new Set([...seen, object.id]);
  const nested: Page = { from: 0, count: NESTED_COUNT };
  const members = all.slice(page.from, page.from + page.count).map(([key, member]) => ({
    ...open(core, key, member, depth - 1, nested, inside),
    text: describeField(core, object.type, key, member),
  }));
  return { ...base, members, total: all.length, from: page.from, seen: false };
}

/** Fields, then elements or entries, each under the name that a path has for it. */
function membersOf(core: Core, object: GraphObject): [string, Value][] {
  const members: [string, Value][] = [];
  for (const [name, value] of object.fields()) members.push([printable(name), value]);
  let index = 0;
  for (const value of object.elements()) members.push([`[${index++}]`, value]);
  for (const [key, value] of object.entries()) members.push([`[${keyText(core, key)}]`, value]);
  return members;
}

function keyText(core: Core, key: Value): string {
  const object = core.graph?.deref(key);
  return object === undefined ? describe(core, key) : `#${object.id}`;
}

const WIDTH = 100;

export function printText(printed: Printed): string {
  const lines = [clipped(`${printable(printed.name)} = ${printed.text}`, WIDTH)];
  addMembers(lines, printed, '  ');
  return lines.join('\n');
}

function addMembers(lines: string[], printed: Printed, indent: string): void {
  const { members, total, from } = printed;
  const width = Math.min(24, Math.max(0, ...members.map(({ name }) => name.length)));
  for (const member of members) {
    const again = member.seen ? ' (shown above)' : '';
    lines.push(clipped(`${indent}${member.name.padEnd(width)}  ${member.text}${again}`, WIDTH));
    addMembers(lines, member, `${indent}  `);
  }
  const next = from + members.length;
  if (next < total) lines.push(`${indent}… ${total - next} more, from ${next}`);
}
