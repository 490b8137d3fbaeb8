/**
 * What the kernel's primitives tell whoever watches (monitor.ts): what one LWP did that another
 * goes on from. With nobody watching, each is a compare.
 *
 * The compiler counts no statement that is a call of these, and this module is not instrumented: a
 * run has the same icounts whoever watches. Nothing is told about the clock interrupt itself, where
 * no LWP runs.
 */

import { type AccessKind, READ, WRITE } from '../accesses.ts';
import { hooks } from '../hooks.ts';
import { type Lwp, LSZOMB } from '../kern/lwp.ts';
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
  const { monitor } = hooks;
  if (monitor === null) return;
  monitor.exited(l);
  monitor.touched(current.lwp, l.exitWaiters, WRITE);
}

/** `l` knows that `ended` has ended. */
export function tellJoined(l: Lwp, ended: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.joined(l, ended);
}

/**
 * The running LWP looked at (READ) or changed what `object` keeps for who sleeps or tries: a wait
 * queue, a flag. It orders nothing by itself. Null: there is nothing to tell.
 */
export function tellTouched(object: object | null, kind: AccessKind): void {
  if (hooks.monitor !== null) hooks.monitor.touched(current.lwp, object, kind);
}

/** `l` is put on the queue that it sleeps on, or is about to be taken from it. */
export function tellQueue(l: Lwp): void {
  if (hooks.monitor !== null) hooks.monitor.touched(current.lwp, queueOf(l), WRITE);
}

/** Who waits for the end of an LWP touches nothing: nobody can come before that. */
function queueOf(l: Lwp): object | null {
  const { wchan } = l;
  if (typeof wchan !== 'object' || wchan === null) return l;
  return 'exitWaiters' in wchan && wchan !== l ? null : wchan;
}

/** LWP `l` looks for another of its process that lives, or that is dead. */
export function tellLooks(l: Lwp, wanted: 'alive' | 'dead'): void {
  const { monitor } = hooks;
  if (monitor === null) return;
  for (const other of l.proc.lwps) {
    if (other === l) continue;
    monitor.touched(current.lwp, other.exitWaiters, READ);
    if ((other.stat === LSZOMB) === (wanted === 'dead')) return;
  }
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
  l?.kernel.world.variables?.touchAll(object, l);
  if (hooks.monitor !== null) hooks.monitor.freed(object);
}

/**
 * What the running plain function accesses from now until tellUnmarked() is meant to race, as in
 * data_race(), which counts.
 */
export function tellMarked(): void {
  hooks.accesses.marked++;
}

export function tellUnmarked(): void {
  hooks.accesses.marked--;
}

/** Calls a plain function all of whose accesses are meant to race. Costs no count of its own. */
export function marked<A, T>(call: (argument: A) => T, argument: A): T {
  hooks.accesses.marked++;
  const result = call(argument);
  hooks.accesses.marked--;
  return result;
}
