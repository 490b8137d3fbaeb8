/** Steps of a trace, and what the trace keeps of the variables that they touch. */

import type { Lwp } from '../../../kern/lwp.ts';
import type { Variable } from '../../variable.ts';
import { Footprint } from './footprint.ts';

/** LWPs that clocks have room for at first. */
export const WIDTH_FIRST = 8;

export class Step {
  thread = 0;
  lwp: Lwp | null = null;
  /** As its LWP's how-manieth step, from 1. */
  local = 0;
  clock = new Int32Array(WIDTH_FIRST);
  /** What happened before it whatever it touched. */
  base = new Int32Array(WIDTH_FIRST);
  readonly footprint = new Footprint();
  /** Indexes of the steps that it races with, and those of which only the scheduler is the reason. */
  readonly races: number[] = [];
  readonly scheduled: number[] = [];
}

/** What the trace keeps of a variable (Variable.kept); indexes of steps, -1 for none. */
export class Uses {
  /** The last step that touched it, as its how-manieth access. */
  step = -1;
  access = 0;
  lastWrite = -1;
  readonly reads: number[] = [];
  /** A mutex: the steps that took it last and gave it back last. */
  acquired = -1;
  released = -1;
  /** An rwlock: held by a writer. */
  exclusive = false;
}

/** What is kept of a variable in this run. */
export function usesOf(v: Variable): Uses {
  let uses = v.kept as Uses | null;
  if (uses === null) {
    uses = new Uses();
    v.kept = uses;
  }
  return uses;
}

/** What happens before either happens before both. */
export function join(into: Int32Array, from: Int32Array): void {
  for (let i = 0; i < from.length; i++) if (from[i] > into[i]) into[i] = from[i];
}
