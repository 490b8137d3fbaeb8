/**
 * What it means when nothing can ever run again.
 *
 * Kernel threads and softints that wait for work do not count; those that wait for a lock that
 * somebody holds do. Of these and the others, some wait for each
 * other (deadlock), or all wait for a wakeup that nobody can send (lost-wakeup).
 */

import { LSSLEEP, LW_DAEMON, type Lwp } from '../kern/lwp.ts';
import { conclude } from './outcome.ts';
import { cycleText, findCycle } from './waitgraph.ts';
import type { World } from './world.ts';

/** Ends the run of a world in which no LWP can run and no timer is armed. */
export function stalled(w: World): void {
  const sleepers: Lwp[] = [];
  const daemons: Lwp[] = [];
  for (const l of w.lwps) {
    if (l === null || l.stat !== LSSLEEP) continue;
    if ((l.flag & LW_DAEMON) === 0) sleepers.push(l);
    else if (l.waitsFor !== null) daemons.push(l);
  }
  sleepers.push(...daemons);
  for (const l of sleepers) {
    const cycle = findCycle(l);
    if (cycle === null) continue;
    conclude(w, 'deadlock', cycleText(cycle), l, { lwps: cycle });
    return;
  }
  const who = sleepers.map((l) => `LWP ${l.id} (${l.name}) on ${l.wmesg ?? 'nothing'}`);
  const message = `nothing can ever run again: ${who.join(', ') || 'no LWP is left'}`;
  conclude(w, 'lost-wakeup', message, sleepers[0] ?? null, { lwps: sleepers });
}
