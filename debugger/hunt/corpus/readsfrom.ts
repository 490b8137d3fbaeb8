/**
 * What a schedule covers: which writes its reads read from. A pair of a write and a read in two LWPs,
 * each by its place in the code, is a number; the set of them is the schedule's coverage.
 */

import {
  current,
  type Lwp,
  QuietMonitor,
  siteTable,
  type Variable,
} from '../../../kernel/index.ts';

interface Written {
  readonly site: number;
  readonly lwp: Lwp | null;
}

export class ReadsFrom extends QuietMonitor {
  readonly pairs = new Set<number>();

  override read(v: Variable, site: number): void {
    const written = v.state as Written | null;
    if (written === null || written.lwp === current.lwp) return;
    // Access sites are negative numbers far below 2^26.
    this.pairs.add(Math.abs(written.site) * 2 ** 26 + Math.abs(site));
  }

  override write(v: Variable, site: number): void {
    v.state = { site, lwp: current.lwp } satisfies Written;
  }
}

/** The same set as a text that is the same in any process. */
export function pairsText(pairs: ReadonlySet<number>): string {
  const texts = [...pairs].map((pair) => {
    const written = Math.floor(pair / 2 ** 26);
    return `${placeOf(-written)}>${placeOf(-(pair % 2 ** 26))}`;
  });
  return texts.sort().join('\n');
}

function placeOf(site: number): string {
  const position = siteTable.position(site);
  if (position === undefined) return '?';
  return `${position.path}:${position.lineBase1}:${position.columnBase0}`;
}
