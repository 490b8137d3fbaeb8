/** Who holds what a thread is about to take, as strategies need to know it. */

import type { Lwp } from '../../kern/lwp.ts';
import { OP_LOCK, OP_RDLOCK, OP_WAKE, opBlocked } from '../op.ts';
import type { Variable } from '../variable.ts';
import type { Estimates } from './estimates.ts';
import type { Thread } from './thread.ts';

/** Locks of a chain of owners that are looked at for a cycle. */
const CHAIN_MAX = 32;

interface Lockable {
  readonly owner?: Lwp | null;
  readonly readers?: readonly Lwp[];
}

/**
 * Whether the thread's next operation would only put it to sleep. A writer that queues for a lock
 * keeps later readers out, which is more than to sleep.
 */
export function blocked(t: Thread): boolean {
  const l = t.lwp!;
  if (t.kind === OP_RDLOCK) return t.kind === l.opKind && opBlocked(l);
  if (t.kind === OP_LOCK) return t.kind === l.opKind && opBlocked(l) && !hasReaders(l.op);
  if (t.kind !== OP_WAKE || l.op === null) return false;
  const owner = ownerOf(l.op.object);
  return owner !== null && owner !== l;
}

/** Whether a thread that is blocked waits for itself: to choose it shows the deadlock. */
export function doomed(estimates: Estimates, t: Thread): boolean {
  let l = ownerOf(t.lwp!.op?.object);
  for (let i = 0; i < CHAIN_MAX && l !== null; i++) {
    if (l === t.lwp) return true;
    if (l.waitsFor !== null) l = ownerOf(l.waitsFor);
    else if (!blocked(estimates.of(l))) return false;
    else l = ownerOf(l.op?.object);
  }
  return false;
}

/** Whether the LWP has the lock, for itself or with others. */
export function holds(l: Lwp, lock: Variable): boolean {
  const { owner, readers } = lock.object as Lockable;
  return owner === l || readers?.includes(l) === true;
}

function hasReaders(lock: Variable | null): boolean {
  const readers = (lock?.object as Lockable | undefined)?.readers;
  return readers !== undefined && readers.length > 0;
}

function ownerOf(object: object | undefined): Lwp | null {
  return (object as Lockable | undefined)?.owner ?? null;
}
