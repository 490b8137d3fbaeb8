/**
 * What is captured of a failed run, before it becomes bytes.
 *
 * The head is small, and is written first: a core that lost everything else still says what
 * happened and where. The state is a graph whose roots are
 *
 *   kernels  the Kernel records       lwps    the Lwp records, by number (entry 0 is null)
 *   stacks   CapturedStack[]          modules variables at the top level of programs' modules
 */

import type { Lwp } from '../../kernel/index.ts';
import type { Chunk } from '../container/index.ts';
import type { CorePosition } from './types.ts';

/** One frame, with the live values of its variables. */
export class CapturedFrame {
  readonly function: string;
  readonly path: string;
  lineBase1: number;
  columnBase0: number;
  locals: Record<string, unknown> | null = null;
  /** Variables of enclosing functions. */
  captured: Record<string, unknown> | null = null;
  /** Locals that are undefined, or that the engine has dropped: it does not say which. */
  optimizedAway: string[] | null = null;

  constructor(name: string, position: CorePosition) {
    this.function = name;
    this.path = position.path;
    this.lineBase1 = position.lineBase1;
    this.columnBase0 = position.columnBase0;
  }
}

/** The stack of an LWP, innermost frame first; that of no LWP (an interrupt) has lwp null. */
export class CapturedStack {
  readonly lwp: Lwp | null;
  readonly current: boolean;
  readonly frames: CapturedFrame[];

  constructor(lwp: Lwp | null, current: boolean, frames: CapturedFrame[]) {
    this.lwp = lwp;
    this.current = current;
    this.frames = frames;
  }
}

/** A frame's place as the head has it. */
export interface HeadFrame extends CorePosition {
  readonly function: string;
}

export interface CoreHead {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  /** Where the stacks stand: before `icount` when the failure is an exception, at its throw. */
  readonly standsAt: number;
  readonly virtualTimeNs: number;
  readonly lwp: number;
  readonly about: readonly number[];
  /** The stack of the LWP that ran. */
  readonly stack: readonly HeadFrame[];
  /** What could not be captured, a sentence each. */
  readonly missing: readonly string[];
}

export interface CapturedState {
  readonly head: CoreHead;
  /** The graph. */
  readonly chunks: readonly Chunk[];
  /** Frames of the LWPs that the failure is about in which a value may have been dropped. */
  readonly undecided: number;
  /** Host time that capturing took. */
  readonly elapsedMs: number;
}
