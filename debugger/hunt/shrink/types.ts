/** What shrinking gives: plain data, but for the words of schedules. */

import type { OpKind } from '../../../kernel/index.ts';
import type { RunSpec } from '../../run/spec.ts';
import type { Found } from '../found.ts';

/** How large a failing schedule is. */
export interface Size {
  /** Deviations from the default schedule. */
  readonly directives: number;
  /** Times that an LWP which could have gone on had to wait for another. */
  readonly preemptions: number;
  /** Choices other than who runs: a waiter, a fault. */
  readonly choices: number;
  /** LWPs that ran before the failure. */
  readonly lwps: number;
  /** Statements before the failure. */
  readonly icount: number;
}

/** One operation in a schedule: what an LWP did next at a moment at which it could be preempted. */
export interface Operation {
  readonly lwp: number;
  readonly lwpName: string;
  readonly cpu: number;
  /** Of the statement before it: what was done until then. */
  readonly icount: number;
  readonly kind: OpKind;
  /** `counter.x`, `mutex 'pipe'`; '' where it is not known. */
  readonly object: string;
  /** Portable path, 1-based line and function; '' and 0 where they are not known. */
  readonly path: string;
  readonly lineBase1: number;
  readonly function: string;
}

/**
 * The nearest passing schedule: the same up to `first`, then `first` and `second`, next to each other
 * and by different LWPs, in the other order.
 */
export interface Swap {
  /** As the failing schedule has them: first, then second. */
  readonly first: Operation;
  readonly second: Operation;
  /** The passing schedule, complete like Found.words. */
  readonly words: Int32Array;
  /** `The same run with kern_descrip.ts:120 and kern_descrip.ts:181 swapped passes.` */
  readonly sentence: string;
}

/** What is known of schedules that are smaller still. */
export interface Certificate {
  /** No schedule with fewer preemptions (and faults) fails in the same way. */
  readonly minimal: boolean;
  /** Preemptions that were searched for completely: all schedules with at most so many; -1 for none. */
  readonly searched: number;
  /** Schedules run for it. */
  readonly tried: number;
  /** `no schedule with fewer than 2 preemptions fails (143 tried)` */
  readonly sentence: string;
}

/** A failing schedule with nothing left to take away. */
export interface Shrunk {
  /** The spec that, with the words of `found`, repeats it; its seed is that of `found`. */
  readonly spec: RunSpec;
  /** The shrunk schedule. Its reports are those of its own run. */
  readonly found: Found;
  /** A complete reproduction, together with the program: `rumpus replay prog.ts --schedule '…'`. */
  readonly schedule: string;
  readonly before: Size;
  readonly after: Size;
  /** Runs that it took, without those for the certificate. */
  readonly replays: number;
  /** Numbers of the LWPs that ran before the failure, in order of their first step. */
  readonly lwps: readonly number[];
  /** Null where none was found. */
  readonly swap: Swap | null;
  readonly certificate: Certificate;
  /** Why it could not be shrunk; '' when it could. */
  readonly trouble: string;
}
