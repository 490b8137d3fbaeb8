/** `rumpus core locks`: who holds what, who waits for it, and the cycles among them. */

import { printable } from '../../printable.ts';
import { findCycles } from '../query/cycles.ts';
import type { Core, CoreLock, WaitEdge } from '../types.ts';
import { table } from './lines.ts';

export interface LockReport {
  readonly locks: readonly CoreLock[];
  readonly waits: readonly WaitEdge[];
  /** Each a list of edges that ends where it began. */
  readonly cycles: readonly (readonly WaitEdge[])[];
}

export function locksReport(core: Core): LockReport {
  const waits = core.waits();
  return { locks: core.locks(), waits, cycles: findCycles(waits) };
}

export function locksText({ locks, cycles }: LockReport): string {
  if (locks.length === 0) return 'No lock is held, and nobody waits.';
  const head = ['LOCK', 'OBJECT', 'TYPE', 'HELD BY', 'READ BY', 'WAITED FOR BY'];
  const rows = locks.map((lock) => [
    printable(lock.name) || '-',
    `#${lock.objectId}`,
    printable(lock.type),
    lock.owner === 0 ? '-' : `LWP ${lock.owner}`,
    lwpList(lock.readers),
    lwpList(lock.waiters),
  ]);
  const lines = table([head, ...rows]);
  for (const cycle of cycles)
    lines.push('', 'deadlock:', ...cycle.map((edge) => `  ${edgeText(edge)}`));
  return lines.join('\n');
}

function lwpList(ids: readonly number[]): string {
  return ids.length === 0 ? '-' : `LWP ${ids.join(', ')}`;
}

/** `LWP 3 waits for 'a' #41, held by LWP 2`. */
export function edgeText({ waiter, lock, lockId, holder }: WaitEdge): string {
  return `LWP ${waiter} waits for '${printable(lock)}' #${lockId}, held by LWP ${holder}`;
}
