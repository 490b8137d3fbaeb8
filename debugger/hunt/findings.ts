/**
 * What parts of a hunt found, put together: batches of threads, of machines, of shards.
 *
 * Adding the same batch twice changes nothing, and the order in which batches come does not
 * matter: of each bug the schedule with the smallest number is kept.
 */

import type { Bug, Found } from './found.ts';

/** What one batch of schedules did. */
export interface BatchResult {
  readonly schedules: number;
  readonly statements: number;
  /** One for each signature. */
  readonly bugs: readonly Bug[];
  /** Numbers that say what the schedules covered. */
  readonly coverage: readonly number[];
}

/** What all batches did so far. */
export interface Totals {
  schedules: number;
  statements: number;
  /** By signature. */
  readonly bugs: Map<string, Bug>;
  readonly coverage: Set<number>;
  /** Numbers of the batches that are in it. */
  readonly batches: Set<number>;
}

export function noTotals(): Totals {
  return {
    ...{ schedules: 0, statements: 0 },
    bugs: new Map(),
    coverage: new Set(),
    batches: new Set(),
  };
}

/** Adds a batch; false when it is there already. */
export function addBatch(totals: Totals, number: number, result: BatchResult): boolean {
  if (totals.batches.has(number)) return false;
  totals.batches.add(number);
  totals.schedules += result.schedules;
  totals.statements += result.statements;
  for (const bug of result.bugs) addBug(totals.bugs, bug);
  for (const one of result.coverage) totals.coverage.add(one);
  return true;
}

/** Adds a bug to those with the same signature. */
export function addBug(bugs: Map<string, Bug>, { found, times }: Bug): void {
  const known = bugs.get(found.signature);
  const first = known === undefined || found.index < known.found.index ? found : known.found;
  bugs.set(found.signature, { found: first, times: (known?.times ?? 0) + times });
}

/** Bugs in the order in which their schedules stand in the hunt. */
export function bugsInOrder(bugs: ReadonlyMap<string, Bug>): Bug[] {
  return [...bugs.values()].sort((a, b) => a.found.index - b.found.index);
}

/** The first schedule that ends the hunt, by `ends`. */
export function firstEnding(
  bugs: ReadonlyMap<string, Bug>,
  ends: (found: Found) => boolean,
): Found | undefined {
  return bugsInOrder(bugs).find(({ found }) => ends(found))?.found;
}
