/** Where a run that does not end spins: the loop that most of its last statements turned. */

import { type Position, siteTable } from '../../../kernel/index.ts';
import { LAST_SITES, type OperationLog } from './record.ts';

/** The loop as `name() spins (file:line)`; '' where no loop stands out. */
export function loopText({ lastSites, statements }: OperationLog): string {
  const turns = new Map<Position, number>();
  const seen = Math.min(statements, LAST_SITES);
  for (const site of lastSites.subarray(0, seen)) {
    const position = siteTable.position(site);
    if (position?.kind === 'l') turns.set(position, (turns.get(position) ?? 0) + 1);
  }
  const [most] = [...turns].sort(([, a], [, b]) => b - a);
  if (most === undefined) return '';
  const [{ function: name, path, lineBase1 }] = most;
  return `${name || 'a function'} spins in its loop (${path}:${lineBase1})`;
}
