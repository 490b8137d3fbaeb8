/**
 * What the kernel's primitives tell whoever watches (monitor.ts): what one LWP did that another
 * goes on from. With nobody watching, each is a compare.
 *
 * The compiler counts no statement that is a call of these, and this module is not instrumented: a
 * run has the same icounts whoever watches. Nothing is told about the clock interrupt itself, where
 * no LWP runs.
 */

import { hooks } from '../hooks.ts';
import type { Lwp } from '../kern/lwp.ts';
import { current } from './current.ts';
import { noteFreed } from './detect/freed.ts';

/** What the running LWP does from now on happens after all that was released with `object`. */
export function tellAcquire(object: object): void {
  if (hooks.monitor !== null && current.lwp !== null) hooks.monitor.acquire(current.lwp, object);
}

/** What the running LWP did happens before what is acquired with `object` later. */
export function tellRelease(object: object): void {
  if (hooks.monitor !== null && current.lwp !== null) hooks.monitor.release(current.lwp, object);
}

/** An operation that takes part in the order of all such operations on `object`. */
export function tellBoth(object: object): void {
  if (hooks.monitor !== null) hooks.monitor.atomic(current.lwp, object);
}

/** `l` is about to take `lock`, and will wait for it. */
export function tellWants(l: Lwp, lock: object): void {
  if (hooks.monitor !== null) hooks.monitor.wants(l, lock);
}

/** `l` took `lock`: exclusively if it is its `owner` now, else shared. */
export function tellLocked(l: Lwp, lock: object): void {
  if (hooks.monitor !== null) hooks.monitor.locked(l, lock);
}

/** `l` is about to give `lock` back, or just did. */
export function tellUnlocked(l: Lwp, lock: object): void {
  if (hooks.monitor !== null) hooks.monitor.unlocked(l, lock);
}

/** The running LWP made `child`. */
export function tellCreated(child: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.created(current.lwp, child);
}

/** `l` ends. */
export function tellExited(l: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.exited(l);
}

/** `l` knows that `ended` has ended. */
export function tellJoined(l: Lwp, ended: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.joined(l, ended);
}

/** The running LWP lets `l` run, or passes its stack on to it. */
export function tellWoken(l: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.woken(current.lwp, l);
}

/** `l` does not run until the running LWP, or another, lets it go on. */
export function tellSuspended(l: Lwp): void {
  if (hooks.monitor !== null && current.lwp !== null) hooks.monitor.woken(l, current.lwp);
}

/** An object of kmem(9) or pool(9) is handed out, or given back. */
export function tellAllocated(object: object): void {
  if (hooks.monitor !== null) hooks.monitor.allocated(object);
}
export function tellFreed(object: object): void {
  const l = current.lwp;
  if (l?.kernel.config.lockdebug) noteFreed(l.kernel.world, object);
  if (hooks.monitor !== null) hooks.monitor.freed(object);
}
