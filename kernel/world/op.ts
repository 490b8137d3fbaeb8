/**
 * What an LWP is about to do at a scheduling point: the kind of its next operation.
 *
 * It is noted in Lwp.opKind, with what the operation is about in Lwp.op (variable.ts), whenever a
 * strategy that looks at operations is asked; so every candidate's next operation can be seen.
 */

import type { Lwp } from '../kern/lwp.ts';

/** Not known: the LWP goes on after something that is no point. */
export const OP_NONE = 0;
/** Its first statement. */
export const OP_START = 1;
/** Takes a lock exclusively. */
export const OP_LOCK = 2;
/** Takes a lock shared. */
export const OP_RDLOCK = 3;
/** An atomic operation, which reads and writes. */
export const OP_ATOMIC = 4;
/** Reads a field, an element, an entry or a captured variable. */
export const OP_READ = 5;
/** Writes one. */
export const OP_WRITE = 6;
/** Goes on after a sleep; what it slept on may have been changed by others. */
export const OP_WAKE = 7;
/** preempt(9), return from a system call: about nothing in particular. */
export const OP_POINT = 8;
export type OpKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Their names, for people. */
export const OP_NAMES = [
  'go on',
  'start',
  'lock',
  'lock shared',
  'atomic',
  'read',
  'write',
  'wake',
  'point',
] as const;

/** What locks have in common; mutex(9), rwlock(9) and their pthread(3) cousins. */
interface Lockable {
  readonly owner?: Lwp | null;
  readonly readers?: readonly Lwp[];
}

/** Whether the LWP's next operation would only put it to sleep: another holds its lock. */
export function opBlocked(l: Lwp): boolean {
  if (l.op === null) return false;
  if (l.opKind !== OP_LOCK && l.opKind !== OP_RDLOCK) return false;
  const { owner, readers } = l.op.object as Lockable;
  if (owner !== null && owner !== undefined && owner !== l) return true;
  return l.opKind === OP_LOCK && readers !== undefined && readers.some((other) => other !== l);
}

/** Whether two operations on one variable give different results in different orders. */
export function opsConflict(a: OpKind, b: OpKind): boolean {
  if (a === OP_READ) return b !== OP_READ;
  if (a === OP_RDLOCK) return b !== OP_RDLOCK;
  return true;
}
