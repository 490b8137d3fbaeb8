/**
 * The operations that a finding is about, by its verdict.
 *
 *   a detector's report    its sides
 *   deadlock               by LWP of the cycle: where it took what it holds, where it waits
 *   lost-wakeup            who sleeps, and the wakeup that came too early
 *   any other              the two whose order matters (compare.ts), and where it failed
 */

import { KCondvar, Lwp, PthreadCond, type Report, type ReportSide } from '../../../kernel/index.ts';
import type { Found } from '../found.ts';
import { bestPair, conflicts, intrusions, type Pair, swappedPairs } from './compare.ts';
import type { Operation, OperationKind } from './record.ts';
import type { WatchedRun } from './watch.ts';

/** LWPs that a report shows at most. */
export const COLUMNS_MAX = 4;

export interface Chosen {
  /** In the order in which they happened. */
  readonly sides: readonly Operation[];
  /** More that belongs to the story. */
  readonly others: readonly Operation[];
  /** The pair whose order is the other one in the passing run, if that is how they were chosen. */
  readonly swapped: Pair | undefined;
}

/** Chooses; `passing` is the nearest run that passes, where one is known. */
export function choose(found: Found, run: WatchedRun, passing: WatchedRun | undefined): Chosen {
  const chosen = chosenBy(found, run, passing);
  return { ...chosen, sides: chosen.sides.toSorted((a, b) => a.index - b.index) };
}

function chosenBy(found: Found, run: WatchedRun, passing: WatchedRun | undefined): Chosen {
  const { operations } = run.log;
  const failed = operations.findLast(({ kind }) => kind === 'fail');
  const pairs = passing === undefined ? [] : swappedPairs(operations, passing.log.operations);
  if (found.verdict === 'deadlock') {
    const sides = cycle(run);
    return { sides, others: [], swapped: bestPair(pairs.filter(of(sides)), found.lwp) };
  }
  if (found.verdict === 'lost-wakeup') {
    return { sides: sleepers(run), others: [], swapped: bestPair(pairs, found.lwp) };
  }
  const own = found.reports.find(({ verdict }) => verdict === found.verdict);
  const reported = sidesOf(own, operations);
  const swapped = bestPair(pairs, found.lwp);
  if (reported.length > 1) {
    return {
      sides: reported,
      others: [],
      swapped: bestPair(pairs.filter(of(reported)), found.lwp),
    };
  }
  const others = failed === undefined ? [] : [failed];
  const freed = found.verdict === 'use-after-free' ? useOfFreed(found, operations) : [];
  if (freed.length > 0) return { sides: freed, others, swapped: undefined };
  if (swapped !== undefined) return { sides: [swapped.first, swapped.second], others, swapped };
  const race = found.reports.map((report) => sidesOf(report, operations)).find((s) => s.length > 1);
  if (race !== undefined) return { sides: race, others, swapped };
  const pair =
    bestPair(intrusions(operations), found.lwp) ?? bestPair(conflicts(operations), found.lwp);
  if (pair === undefined || found.verdict === 'timeout') {
    return { sides: failed === undefined ? [] : [failed], others: [], swapped };
  }
  const before = pair.before === undefined ? [] : [pair.before];
  return { sides: [pair.first, pair.second], others: [...before, ...others], swapped };
}

/** The freeing of what was used after it, whose icount is in the message, and the use. */
function useOfFreed({ message }: Found, operations: readonly Operation[]): Operation[] {
  const icount = Number(/icount (\d+)/.exec(message)?.[1] ?? 0);
  const free = operations.findLast((one) => one.kind === 'free' && one.icount <= icount);
  const use = operations.findLast(({ kind }) => kind === 'fail');
  return use === undefined || free === undefined ? [] : [free, use];
}

/** Pairs about what some operations are about. */
function of(sides: readonly Operation[]): (pair: Pair) => boolean {
  const objects = new Set(sides.map(({ object }) => object));
  return ({ second }) => objects.has(second.object);
}

/** Of each LWP of a cycle: the taking of what another waits for, and what it waits for itself. */
function cycle({ log, outcome }: WatchedRun): Operation[] {
  const lwps = outcome.lwps.slice(0, COLUMNS_MAX);
  const waited = new Set<object | null>(lwps.map((id) => log.waits.get(id) ?? null));
  return lwps.flatMap((id) => {
    const own = log.operations.filter(({ lwp }) => lwp === id);
    const wait = own.findLast(({ kind }) => kind === 'wait');
    const take = own.findLast(
      ({ kind, object }) => kind === 'lock' && waited.has(object) && object !== wait?.object,
    );
    return [take, wait].filter((operation) => operation !== undefined);
  });
}

/** Who sleeps for ever, and before each the last signal of its kind that woke nobody. */
function sleepers({ log, outcome }: WatchedRun): Operation[] {
  const { operations } = log;
  const sides: Operation[] = [];
  const all = outcome.lwps.flatMap((id) => {
    const sleeps = ({ kind, lwp }: Operation) =>
      lwp === id && (kind === 'sleep' || kind === 'wait');
    return operations.findLast(sleeps) ?? [];
  });
  // Who only waits for another LWP to end is no part of it.
  const own = all.filter(({ text, object }) => text !== 'lwpwait' && !(object instanceof Lwp));
  for (const sleep of own.length > 0 ? own : all) {
    const signal = operations.findLast((other) => isMissed(other, sleep, operations));
    if (signal !== undefined && !sides.includes(signal)) sides.push(signal);
    sides.push(sleep);
  }
  return sides.slice(0, COLUMNS_MAX);
}

/** Whether a signal came before a sleep that it might have ended, and woke nobody. */
function isMissed(signal: Operation, sleep: Operation, operations: readonly Operation[]): boolean {
  if (signal.kind !== 'signal' || signal.index > sleep.index || signal.lwp === sleep.lwp)
    return false;
  const { object } = sleep;
  if (!(object instanceof KCondvar || object instanceof PthreadCond)) return false;
  const next = operations.find(({ index, lwp }) => index > signal.index && lwp === signal.lwp);
  return next?.kind !== 'wake';
}

/** Statements between what a detector noted and the operation, at most: it notes inside of it. */
const NEAR_COUNTS = 16;

const KINDS: Readonly<Record<ReportSide['does'], readonly OperationKind[]>> = {
  read: ['read', 'atomic', 'fail'],
  write: ['write', 'atomic', 'fail'],
  lock: ['lock', 'wait'],
  free: ['free'],
  alloc: ['alloc'],
  call: ['read', 'write', 'atomic', 'lock', 'fail'],
};

/** The operations that a report's sides are. */
function sidesOf(report: Report | undefined, operations: readonly Operation[]): Operation[] {
  if (report === undefined) return [];
  const sides: Operation[] = [];
  for (const side of report.sides.slice(0, COLUMNS_MAX)) {
    const kinds = KINDS[side.does];
    const own = operations.filter(({ lwp, kind }) => lwp === side.lwp && kinds.includes(kind));
    const near = own.filter(({ icount }) => Math.abs(icount - side.icount) <= NEAR_COUNTS);
    const away = ({ icount, site }: Operation) =>
      Math.abs(icount - side.icount) * 2 + Number(site !== side.site);
    const exact = near.toSorted((a, b) => away(a) - away(b) || b.index - a.index)[0];
    if (exact !== undefined && !sides.includes(exact)) sides.push(exact);
  }
  return sides;
}
