/**
 * Locks that somebody holds or waits for, and the wait-for graph.
 *
 * A lock is any object with an owner and a name (Waitable, kernel/kern/lwp.ts), so those of
 * components are found like the kernel's own. A condition variable with waiters is listed too,
 * without an owner.
 */

import type { Graph, GraphObject } from '../../codec/index.ts';
import type { Core, CoreLock, WaitEdge } from '../types.ts';
import { elementsOf, refOf, textOf } from './fields.ts';

/** Arrays of LWPs that a lock may have, of those that wait. */
const QUEUES = ['waiters', 'waitingReaders', 'waitingWriters'];

export function locksOf(core: Core): CoreLock[] {
  const { graph } = core;
  if (graph === undefined) return [];
  const ids = lwpIds(core);
  const locks: CoreLock[] = [];
  for (const [, objects] of graph.byType()) {
    if (!isLockType(graph.object(objects[0]))) continue;
    for (const id of objects) {
      const lock = readLock(graph, ids, id);
      if (lock !== undefined) locks.push(lock);
    }
  }
  return locks.sort((a, b) => a.objectId - b.objectId);
}

/** Numbers of LWPs by the numbers of their objects. */
function lwpIds(core: Core): ReadonlyMap<number, number> {
  return new Map(core.lwps().map((l) => [l.objectId, l.id]));
}

function isLockType(example: GraphObject | undefined): boolean {
  if (example === undefined || example.kind !== 'object' || example.type === 'Object') return false;
  return example.get('owner') !== undefined || example.get('waiters') !== undefined;
}

function readLock(
  graph: Graph,
  ids: ReadonlyMap<number, number>,
  objectId: number,
): CoreLock | undefined {
  const object = graph.object(objectId);
  if (object === undefined) return undefined;
  const lwps = (field: string) =>
    elementsOf(graph, object, field)
      .map((value) => ids.get(refOf(value)) ?? 0)
      .filter((id) => id !== 0);
  const owner = ids.get(refOf(object.get('owner'))) ?? 0;
  const readers = lwps('readers');
  const waiters = QUEUES.flatMap(lwps);
  if (owner === 0 && readers.length === 0 && waiters.length === 0) return undefined;
  const name = textOf(object, 'name') || textOf(object, 'wmesg');
  return { name, type: object.type, owner, readers, waiters, objectId };
}

/** Who waits for whom: from each LWP that waits for a lock to each that holds it. */
export function waitsOf(core: Core): WaitEdge[] {
  const edges: WaitEdge[] = [];
  const { graph } = core;
  if (graph === undefined) return edges;
  const locks = new Map(core.locks().map((lock) => [lock.objectId, lock]));
  for (const l of core.lwps()) {
    const lockId = refOf(graph.object(l.objectId)?.get('waitsFor'));
    const lock = locks.get(lockId);
    if (lock === undefined) continue;
    const holders = lock.owner === 0 ? lock.readers : [lock.owner, ...lock.readers];
    for (const holder of holders) {
      if (holder !== l.id) edges.push({ waiter: l.id, lock: lock.name, lockId, holder });
    }
  }
  return edges;
}
