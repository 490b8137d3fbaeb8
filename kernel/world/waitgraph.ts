/**
 * The wait-for graph: LWP -> lock it waits for -> LWPs that hold the lock.
 *
 * Checked whenever an edge is added (an LWP is about to block), so a deadlock is found when the
 * last edge of its cycle is made, whatever else still runs.
 */

import type { Lwp, Waitable } from '../kern/lwp.ts';

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
  const writer = writerBefore(lock, l);
  if (writer !== undefined) list.push(writer);
  return list;
}

/** The writer that a reader waits behind, of a lock whose readers wait while writers do. */
function writerBefore(lock: Queued, l: Lwp): Lwp | undefined {
  const { waitingReaders, waitingWriters, waiters } = lock;
  if (waitingReaders?.includes(l)) return waitingWriters?.[0];
  const own = waiters?.find((waiter) => 'lwp' in waiter && waiter.lwp === l);
  if (own === undefined || !('writes' in own) || own.writes || lock.readers === undefined) {
    return undefined;
  }
  const writer = waiters?.find((waiter) => 'writes' in waiter && waiter.writes);
  return writer !== undefined && 'lwp' in writer ? writer.lwp : undefined;
}

/** Queues of rwlock(9), and of pthread_rwlock(3) in one. */
interface Queued extends Waitable {
  readonly waitingReaders?: readonly Lwp[];
  readonly waitingWriters?: readonly Lwp[];
  readonly waiters?: readonly (Lwp | { readonly lwp: Lwp; readonly writes: boolean })[];
}

/** The cycle as a sentence. */
export function cycleText(cycle: readonly Lwp[]): string {
  const edges = cycle.map((l, i) => {
    const next = cycle[(i + 1) % cycle.length];
    return `LWP ${l.id} (${l.name}) waits for ${l.waitsFor?.name ?? '?'} held by LWP ${next.id}`;
  });
  return edges.join('; ');
}
