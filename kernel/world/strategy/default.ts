/**
 * The default schedule: what runs when nobody says otherwise, and what recordings deviate from.
 *
 * The current LWP goes on while it can. When it cannot, the candidate of its own CPU takes over
 * (a softint that interrupts it, or the next of the run queue), else the first of the list. An LWP
 * that has run for QUANTUM counts without a switch gives way at its next choice, so that one that
 * spins cannot starve the one it waits for.
 */

import type { Lwp } from '../../kern/lwp.ts';
import { NEVER } from '../../hooks.ts';
import type { Strategy } from './strategy.ts';

/** Counts an LWP may run in one go: about 10 ms of virtual time. */
export const QUANTUM = 1 << 20;

/** The default answer; `ran` is how many counts the current LWP has run since its last switch. */
export function defaultNext(
  candidates: readonly Lwp[],
  count: number,
  current: Lwp | null,
  ran: number,
): number {
  if (current === null) return 0;
  let own = -1;
  let sameCpu = -1;
  for (let i = 0; i < count; i++) {
    if (candidates[i] === current) own = i;
    else if (sameCpu < 0 && candidates[i].cpu === current.cpu) sameCpu = i;
  }
  if (own >= 0) return ran < QUANTUM ? own : (own + 1) % count;
  return Math.max(sameCpu, 0);
}

/** The default schedule as a strategy: a recording without directives. */
export class DefaultStrategy implements Strategy {
  readonly name: string = 'default';
  begin(): void {}
  next(_candidates: readonly Lwp[], _count: number, _current: Lwp | null): number {
    return -1;
  }
  choose(): number {
    return 0;
  }
  pointStride(): number {
    return 64;
  }
  accessStride(): number {
    return NEVER;
  }
  statementStride(): number {
    return NEVER;
  }
}
