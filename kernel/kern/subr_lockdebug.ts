/**
 * lockdebug: what locks an LWP holds, and deadlocks. Follows NetBSD sys/kern/subr_lockdebug.c.
 *
 * The wait-for check runs whenever an LWP is about to block on a lock; it costs nothing before.
 * Everything else is on only with the kernel's `lockdebug`: the list of held locks, and that an
 * LWP neither exits, nor returns from a system call, nor takes a sleeping lock with one it must
 * not hold. What an object can check of itself for nothing (owner, destroyed) is always checked.
 *
 * Who watches (world/monitor.ts) is told here of locks that are taken and given back.
 */

import { conclude, unwindWorld } from '../world/outcome.ts';
import { tellBoth, tellLocked, tellUnlocked } from '../world/tell.ts';
import { cycleText, findCycle } from '../world/waitgraph.ts';
import type { Lwp, Waitable } from './lwp.ts';
import { fail } from './subr_prf.ts';

/** Notes that `l` took a lock. */
export function lockdebug_locked(l: Lwp, lock: Waitable): void {
  if (!l.kernel.config.lockdebug) return;
  l.held.push(lock);
  tellLocked(l, lock);
}

/** Notes that `l` released a lock. */
export function lockdebug_unlocked(l: Lwp, lock: Waitable): void {
  if (!l.kernel.config.lockdebug) return;
  tellUnlocked(l, lock);
  const held = l.held;
  if (held[held.length - 1] === lock) held.pop();
  else {
    const at = held.lastIndexOf(lock);
    if (at >= 0) held.splice(at, 1);
  }
}

/** Notes a lock that would be taken and given back at once, and so is not. */
export function lockdebug_passed(lock: object): void {
  tellBoth(lock);
}

/** Fails when `l` holds more than `allowed` locks; `does` says what it is about to do. */
export function lockdebug_barrier(l: Lwp, allowed: number, does: string): void {
  const held = l.held;
  if (held.length <= allowed) return;
  const names = held.slice(allowed).map((lock) => `'${lock.name}'`);
  fail('kassert', `LWP ${l.id} (${l.name}) ${does} with ${names.join(', ')} held`);
}

/** assert_sleepable(9): fails when `l` holds a spin lock. `what` is what it would sleep on. */
export function assert_sleepable(l: Lwp, what: string): void {
  if (l.spinLocks === 0) return;
  fail('kassert', `LWP ${l.id} (${l.name}) may sleep on '${what}' with a spin lock held`);
}

/** Ends the run with `deadlock` if the edge that `l` just made (l.waitsFor) closes a cycle. */
export function deadlock_check(l: Lwp): void {
  const cycle = findCycle(l);
  if (cycle === null) return;
  conclude(l.kernel.world, 'deadlock', cycleText(cycle), l, { lwps: cycle });
  unwindWorld();
}
