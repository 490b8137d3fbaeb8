/**
 * Which two operations matter, where no detector names them: conflicting ones of two LWPs, on one
 * variable, whose order is the other one in the nearest run that passes; or, without such a run,
 * one that came in between two of another LWP in a way that no order of whole LWPs gives (the
 * unserialisable patterns of Lu and others, "AVIO", ASPLOS 2006).
 */

import type { Operation } from './record.ts';

/** Two operations on one variable, in the order in which they were. */
export interface Pair {
  readonly first: Operation;
  readonly second: Operation;
  /** An earlier one of the second's LWP, between which and the second the first came. */
  readonly before?: Operation;
}

/** Operations of one variable that are compared with one. */
const NEAR = 64;

/** Whether an operation changes what it is about. */
export function changes(operation: Operation): boolean {
  const { kind, before, after } = operation;
  return kind === 'write' || (kind === 'atomic' && before !== after);
}

function isData({ kind }: Operation): boolean {
  return kind === 'read' || kind === 'write' || kind === 'atomic';
}

function takesPart(operation: Operation): boolean {
  return isData(operation) || isTaking(operation);
}

/** Who waits for a lock has not taken it yet, but would be next. */
function isTaking({ kind }: Operation): boolean {
  return kind === 'lock' || kind === 'wait';
}

function conflict(a: Operation, b: Operation): boolean {
  if (a.lwp === b.lwp) return false;
  return isTaking(a) || isTaking(b) || changes(a) || changes(b);
}

/** By variable, in order. */
function byVariable(operations: readonly Operation[]): Map<number, Operation[]> {
  const lists = new Map<number, Operation[]>();
  for (const operation of operations) {
    if (operation.id === 0 || !takesPart(operation)) continue;
    const list = lists.get(operation.id);
    if (list === undefined) lists.set(operation.id, [operation]);
    else {
      // A lock that was waited for is taken once.
      const waited = operation.kind === 'lock' ? waitOf(list, operation) : -1;
      if (waited >= 0) list.splice(waited, 1);
      list.push(operation);
    }
  }
  return lists;
}

function waitOf(list: readonly Operation[], { lwp }: Operation): number {
  const last = list.findLastIndex((other) => other.lwp === lwp);
  return last >= 0 && list[last].kind === 'wait' ? last : -1;
}

/** Every operation's place in its variable's order, by who does it as its how-manieth there. */
function places(list: readonly Operation[]): Map<string, number> {
  const counts = new Map<number, number>();
  const found = new Map<string, number>();
  list.forEach(({ lwp }, at) => {
    const nth = counts.get(lwp) ?? 0;
    counts.set(lwp, nth + 1);
    found.set(`${lwp} ${nth}`, at);
  });
  return found;
}

/** Pairs whose order is the other one in `passing`. */
export function swappedPairs(failing: readonly Operation[], passing: readonly Operation[]): Pair[] {
  const others = byVariable(passing);
  const pairs: Pair[] = [];
  for (const [id, list] of byVariable(failing)) {
    const there = places(others.get(id) ?? []);
    const counts = new Map<number, number>();
    const at = list.map(({ lwp }) => {
      const nth = counts.get(lwp) ?? 0;
      counts.set(lwp, nth + 1);
      return there.get(`${lwp} ${nth}`) ?? -1;
    });
    for (let j = 1; j < list.length; j++) {
      for (let i = j - 1; i >= 0 && i >= j - NEAR; i--) {
        if (at[i] < 0 || at[j] < 0 || at[i] < at[j] || !conflict(list[i], list[j])) continue;
        pairs.push({ first: list[i], second: list[j] });
      }
    }
  }
  return pairs;
}

/** Pairs in which the first came in between two operations of the second's LWP. */
export function intrusions(operations: readonly Operation[]): Pair[] {
  const pairs: Pair[] = [];
  for (const list of byVariable(operations.filter(isData)).values()) {
    for (let j = 2; j < list.length; j++) {
      const second = list[j];
      for (let i = j - 1; i > 0 && i >= j - NEAR && list[i].lwp !== second.lwp; i--) {
        const before = list.slice(0, i).findLast(({ lwp }) => lwp === second.lwp);
        if (before !== undefined && unserialisable(before, list[i], second)) {
          pairs.push({ first: list[i], second, before });
        }
      }
    }
  }
  return pairs;
}

function unserialisable(before: Operation, between: Operation, after: Operation): boolean {
  const [b, m, a] = [changes(before), changes(between), changes(after)];
  // An atomic read-modify-write that comes after one of another is what atomics are for.
  if (before.kind === 'atomic' && between.kind === 'atomic' && after.kind === 'atomic')
    return false;
  return m ? !(b && a) || after.kind !== 'write' : b && a;
}

/** All conflicting neighbours. */
export function conflicts(operations: readonly Operation[]): Pair[] {
  const pairs: Pair[] = [];
  for (const list of byVariable(operations).values()) {
    for (let j = 1; j < list.length; j++) {
      if (conflict(list[j - 1], list[j])) pairs.push({ first: list[j - 1], second: list[j] });
    }
  }
  return pairs;
}

/**
 * The pair that explains most: of data before locks, of the LWP that failed before others, then the
 * last one.
 */
export function bestPair(pairs: readonly Pair[], failing: number): Pair | undefined {
  let best: Pair | undefined;
  for (const pair of pairs) {
    if (best === undefined || isBetter(pair, best, failing)) best = pair;
  }
  return best;
}

function isBetter(a: Pair, b: Pair, failing: number): boolean {
  const data = Number(isData(a.second)) - Number(isData(b.second));
  if (data !== 0) return data > 0;
  const own = Number(a.second.lwp === failing) - Number(b.second.lwp === failing);
  if (own !== 0) return own > 0;
  if (a.second.index !== b.second.index) return a.second.index > b.second.index;
  const writes = Number(changes(a.first)) - Number(changes(b.first));
  if (writes !== 0) return writes > 0;
  return a.first.index > b.first.index;
}
