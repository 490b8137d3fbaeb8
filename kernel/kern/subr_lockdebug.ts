/**
 * lockdebug: what locks an LWP holds, and deadlocks. Follows NetBSD sys/kern/subr_lockdebug.c.
 *
 * The wait-for check runs whenever an LWP is about to block on a lock; it costs nothing before.
 * The list of held locks is kept only with `lockdebug` on.
 */

import { conclude, unwindWorld } from '../world/outcome.ts';
import { cycleText, findCycle } from '../world/waitgraph.ts';
import type { Lwp, Waitable } from './lwp.ts';

/** Notes that `l` took a lock. */
export function lockdebug_locked(l: Lwp, lock: Waitable): void {
  if (l.kernel.config.lockdebug) l.held.push(lock);
}

/** Notes that `l` released a lock. */
export function lockdebug_unlocked(l: Lwp, lock: Waitable): void {
  if (!l.kernel.config.lockdebug) return;
  const held = l.held;
  if (held[held.length - 1] === lock) held.pop();
  else {
    const at = held.lastIndexOf(lock);
    if (at >= 0) held.splice(at, 1);
  }
}

/** Ends the run with `deadlock` if the edge that `l` just made (l.waitsFor) closes a cycle. */
export function deadlock_check(l: Lwp): void {
  const cycle = findCycle(l);
  if (cycle === null) return;
  conclude(l.kernel.world, 'deadlock', cycleText(cycle), l, { lwps: cycle });
  unwindWorld();
}
