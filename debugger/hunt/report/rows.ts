/**
 * The timeline of a finding: which operations are shown, and in which columns.
 *
 * Shown is what LWPs of the story do to what the story is about, to the locks that they hold
 * meanwhile. What one statement does is one row.
 */

import {
  AtomicUint,
  DIRECTIVE_ACCESS,
  DIRECTIVE_STATEMENT,
  DIRECTIVE_WORDS,
} from '../../../kernel/index.ts';
import type { StackFrame } from '../../../tracer/index.ts';
import { type Chosen, COLUMNS_MAX } from './choose.ts';
import { changes } from './compare.ts';
import { isLock } from './objects.ts';
import type { Operation, Switch } from './record.ts';
import type { WatchedRun } from './watch.ts';

/** Operations that become rows at most. */
const SHOWN_MAX = 48;
/** Operations that are shown before the first that matters. */
const BEFORE = 6;

/** A switch that a directive asked for. */
export interface ForcedSwitch {
  readonly at: Switch;
  /** Number of its directive in the schedule. */
  readonly directive: number;
}

/** The switches that directives made, in order. */
export function forcedSwitches(run: WatchedRun, words: Int32Array): ForcedSwitch[] {
  const planned = new Map<string, number>();
  for (let i = 0; i < words.length; i += DIRECTIVE_WORDS) {
    const [kind, lwp, at, answer] = words.subarray(i, i + DIRECTIVE_WORDS);
    planned.set(`${countName(kind)} ${lwp} ${at} ${answer}`, i / DIRECTIVE_WORDS);
  }
  return run.log.switches.flatMap((at) => {
    const { from, to, points, accesses, statements } = at;
    const keys = [
      `points ${from} ${points} ${to}`,
      `accesses ${from} ${accesses} ${to}`,
      `statements ${from} ${statements} ${to}`,
    ];
    const key = keys.find((one) => planned.has(one));
    const directive = key === undefined ? undefined : planned.get(key);
    if (key === undefined || directive === undefined) return [];
    // An LWP may be preempted twice at one of its counts, but not at all three.
    planned.delete(key);
    return [{ at, directive }];
  });
}

function countName(kind: number): string {
  if (kind === DIRECTIVE_STATEMENT) return 'statements';
  return kind === DIRECTIVE_ACCESS ? 'accesses' : 'points';
}

/** LWPs that have a column: of the sides first, then whom the switches between them are about. */
export function columnsOf(chosen: Chosen, forced: readonly ForcedSwitch[]): number[] {
  const ordered = [...chosen.sides, ...chosen.others].map(({ lwp }) => lwp);
  const indices = chosen.sides.map(({ index }) => index);
  const [first, last] = [Math.min(...indices), Math.max(...indices)];
  const switched = forced.flatMap(({ at: { index, from, to } }) =>
    index > first && index <= last ? [from, to] : [],
  );
  const lwps = [...new Set([...ordered, ...switched])].filter((lwp) => lwp !== 0);
  return lwps.slice(0, COLUMNS_MAX).sort((a, b) => a - b);
}

/** The operations that are shown, in order, and how many of the same kind are not. */
export function shownOperations(
  run: WatchedRun,
  chosen: Chosen,
  columns: readonly number[],
): { readonly shown: Operation[]; readonly all: Operation[] } {
  const { operations } = run.log;
  const story = new Set([...chosen.sides, ...chosen.others]);
  const about = new Set([...story].map(variableOf));
  const locks = new Set<object>([...story].flatMap(({ held }) => held));
  for (const { object, kind } of story) {
    if (object !== null && (kind === 'lock' || kind === 'wait' || kind === 'sleep')) {
      locks.add(object);
    }
  }
  const all = operations.filter((operation) => {
    if (!columns.includes(operation.lwp)) return false;
    if (story.has(operation)) return true;
    if (operation.object === null || isReference(operation)) return false;
    return about.has(variableOf(operation)) || locks.has(operation.object);
  });
  const first = all.findIndex((operation) => story.has(operation));
  return { shown: nearest(all.slice(Math.max(0, first - BEFORE)), story), all };
}

/** A lock or atomic is looked up in its field, which never changes. */
function isReference({ kind, before }: Operation): boolean {
  if (kind !== 'read' || typeof before !== 'object' || before === null) return false;
  return before instanceof AtomicUint || isLock(before);
}

function variableOf({ object, key, id }: Operation): unknown {
  return object === null ? `none ${id}` : `${id} ${String(key)}`;
}

/** Those of a list that are nearest to what matters most. */
function nearest(list: readonly Operation[], story: ReadonlySet<Operation>): Operation[] {
  if (list.length <= SHOWN_MAX) return [...list];
  const at = list.flatMap((operation, i) => (story.has(operation) ? [i] : []));
  const distance = (i: number) => Math.min(...at.map((j) => Math.abs(i - j)));
  const ordered = list.map((operation, i) => ({ operation, away: distance(i) }));
  ordered.sort((a, b) => a.away - b.away || b.operation.index - a.operation.index);
  const kept = ordered.slice(0, SHOWN_MAX).map(({ operation }) => operation);
  return kept.sort((a, b) => a.index - b.index);
}

/** What becomes one row. */
export interface RowOperations {
  readonly operations: readonly Operation[];
  readonly frame: StackFrame | undefined;
}

/** Neighbours that one statement of one LWP does are one row. */
export function grouped(
  shown: readonly Operation[],
  frameOf: (operation: Operation) => StackFrame | undefined,
  switches: readonly Switch[],
): RowOperations[] {
  const rows: { operations: Operation[]; frame: StackFrame | undefined }[] = [];
  for (const operation of shown) {
    const frame = frameOf(operation);
    const last = rows.at(-1);
    const before = last?.operations.at(-1);
    if (last !== undefined && before !== undefined && frame !== undefined) {
      const same = before.lwp === operation.lwp && samePlace(last.frame, frame);
      const apart = switches.some(({ index }) => index > before.index && index <= operation.index);
      if (same && !apart) {
        last.operations.push(operation);
        continue;
      }
    }
    rows.push({ operations: [operation], frame });
  }
  return rows;
}

function samePlace(a: StackFrame | undefined, b: StackFrame): boolean {
  return a?.path === b.path && a.lineBase1 === b.lineBase1 && a.function === b.function;
}

/** Operations of a row that say something: a read is not said beside a write of the same. */
export function telling(operations: readonly Operation[]): Operation[] {
  const seen = new Set<string>();
  return operations.filter((operation, i) => {
    const variable = String(variableOf(operation));
    const said = `${operation.kind} ${variable} ${operation.other} ${String(operation.before)}`;
    if (seen.has(said)) return false;
    seen.add(said);
    if (operation.kind !== 'read') return true;
    const later = operations.slice(i + 1);
    return !later.some((other) => changes(other) && String(variableOf(other)) === variable);
  });
}
