/**
 * The wait-for graph: LWP -> lock it waits for -> LWPs that hold the lock.
 *
 * Checked whenever an edge is added (an LWP is about to block), so a deadlock is found when the
 * last edge of its cycle is made, whatever else still runs.
 */

import type { Lwp } from '../kern/lwp.ts';

/** The cycle that `start` is part of, in waiting order; null when there is none. */
export function findCycle(start: Lwp): Lwp[] | null {
  const path: Lwp[] = [start];
  const choices: Lwp[][] = [holders(start)];
  const seen = new Set<Lwp>();
  while (path.length > 0) {
    const next = choices[choices.length - 1].pop();
    if (next === undefined) {
      path.pop();
      choices.pop();
    } else if (next === start) {
      return path;
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push(next);
      choices.push(holders(next));
    }
  }
  return null;
}

function holders(l: Lwp): Lwp[] {
  const lock = l.waitsFor;
  if (lock === null) return [];
  const list = lock.readers === undefined ? [] : lock.readers.filter((reader) => reader !== l);
  if (lock.owner !== null) list.push(lock.owner);
  return list;
}

/** The cycle as a sentence. */
export function cycleText(cycle: readonly Lwp[]): string {
  const edges = cycle.map((l, i) => {
    const next = cycle[(i + 1) % cycle.length];
    return `LWP ${l.id} (${l.name}) waits for ${l.waitsFor?.name ?? '?'} held by LWP ${next.id}`;
  });
  return edges.join('; ');
}
