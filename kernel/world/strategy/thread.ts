/**
 * Thread: what strategies know of an LWP, across the schedules of a program.
 *
 * A thread is known by pathNumber(), and so is the same whoever runs first. Its counts are of
 * operations that it came to: the one that it is about to do is among them.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { OP_START, type OpKind } from '../op.ts';
import type { Variable } from '../variable.ts';
import type { Place } from './pairs.ts';

/** Operations that are remembered to see whether the thread goes round in a circle. */
export const REMEMBERED = 8;

export class Thread {
  readonly path: number;
  readonly parent: Thread | null;

  // Learned in earlier runs.
  /** Most operations that it had in a run. */
  most = 0;
  /** The same an operation's variable, by Variable.slot. */
  mostOn = new Int32Array(8);
  /** `most` of it and of all threads that come of it. */
  family = 0;

  // In this run; `run` says in which it was last seen.
  run = -1;
  lwp: Lwp | null = null;
  ops = 0;
  /** Those of them that are about no variable; those besides that are about unshared ones. */
  opsOnNothing = 0;
  opsOnUnshared = 0;
  /** Operations that it came to, all of them. */
  arrivals = 0;
  opsOn = new Int32Array(8);
  /** What is left in `family` of children that were not made yet. */
  unborn = 0;
  /** Its next operation: that of its LWP, where no statement came after it. */
  kind: OpKind = OP_START;
  v: Variable | null = null;
  /** Its access site (negative), or the last statement. */
  site = 0;
  /** The statement that came before its next operation. */
  statement = 0;
  /** The operation has been chosen, and `value` is what an atomic had before it. */
  chosen = false;
  value: unknown = undefined;
  /** What it did last, for spinning(): a ring. */
  readonly recent = new Int32Array(REMEMBERED);
  recentAt = 0;
  /** How long it has gone round: see estimates.ts. */
  idleness = 0;
  /** What all threads had done that was new, when it was last seen. */
  news = 0;
  /** Its next operation is one that it did before, and nothing has changed since. */
  again = false;
  /** Locks that it may hold, in the order in which it came to them. */
  readonly locks: Variable[] = [];
  /** What a strategy keeps of it in a run: a priority, operations of interest that are left. */
  weight = 0;
  unbornWeight = 0;
  /** The random priority of one of its operations, and which: its `arrivals`. */
  rank = 0;
  rankedFor = -1;
  /** Which of its operations race.ts has looked at. */
  lookedAt = -1;
  /** The place of one of its operations (pairs.ts), and which. */
  place: Place | undefined = undefined;
  placedFor = -1;
  /** Operations on contended variables that it came to, and most of them in a run. */
  contended = 0;
  mostContended = 0;

  constructor(path: number, parent: Thread | null) {
    this.path = path;
    this.parent = parent;
  }

  /** A run in which it was not seen yet begins with this. */
  reset(run: number, l: Lwp): void {
    this.run = run;
    this.lwp = l;
    this.ops = 0;
    this.opsOnNothing = 0;
    this.opsOnUnshared = 0;
    this.arrivals = 0;
    clear(this.opsOn);
    this.kind = OP_START;
    this.v = null;
    this.site = 0;
    this.statement = 0;
    this.chosen = false;
    clear(this.recent);
    this.recentAt = 0;
    this.idleness = 0;
    this.news = 0;
    this.again = false;
    this.lookedAt = -1;
    this.place = undefined;
    this.placedFor = -1;
    this.weight = 0;
    this.rank = 0;
    this.rankedFor = -1;
    this.contended = 0;
    if (this.locks.length > 0) this.locks.length = 0;
  }
}

/** Short arrays: fill() costs more. */
export function clear(array: Int32Array): void {
  for (let i = 0; i < array.length; i++) array[i] = 0;
}

/** An array with room for index `at`. */
export function grown(array: Int32Array<ArrayBuffer>, at: number): Int32Array<ArrayBuffer> {
  if (at < array.length) return array;
  const larger = new Int32Array(Math.max(at + 1, array.length * 2));
  larger.set(array);
  return larger;
}
