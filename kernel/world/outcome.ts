/**
 * How a run ended, and the exception that unwinds it.
 */

import { hooks } from '../hooks.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Verdict } from '../verdict.ts';
import { type World, worldTimeNs } from './world.ts';

export interface Outcome {
  readonly verdict: Verdict;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  /** World-unique number of the LWP that ran; 0 for none. */
  readonly lwp: number;
  /** The site of the failure, where one is known; 0 otherwise. */
  readonly site: number;
  /** LWPs that the verdict is about: the members of a cycle, the sleepers. */
  readonly lwps: readonly number[];
  /** The JavaScript exception behind a trap or a program's error. */
  readonly error: unknown;
}

/** Unwinds a world that has ended. Nobody but the scheduler loop may keep it. */
export class WorldEnd extends Error {
  override name = 'WorldEnd';
}

/** Of an object that was thrown. */
const FIELDS_CHARACTERS_MAX = 200;

const END = new WorldEnd('the world has ended');

/** What an ended world throws at whoever still runs in it. */
export function unwindWorld(): never {
  hooks.stop = hooks.icount + 1;
  hooks.pointStop = hooks.points + 1;
  throw END;
}

/**
 * What was thrown, in words. It may be anything, even a value whose own code throws; that code runs
 * after the end of the run, so it counts for nothing.
 */
export function thrownText(error: unknown): string {
  const { icount, stop } = hooks;
  hooks.stop = -1;
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    if (typeof error !== 'object' || error === null) return String(error);
    return `an object was thrown: ${JSON.stringify(error).slice(0, FIELDS_CHARACTERS_MAX)}`;
  } catch {
    return 'a value was thrown that cannot be shown';
  } finally {
    hooks.icount = icount;
    hooks.stop = stop;
  }
}

/** What else a verdict knows. */
export interface OutcomeDetails {
  readonly lwps?: readonly Lwp[];
  readonly error?: unknown;
  readonly site?: number;
}

/** Ends the run with a verdict; the first one stands. Does not unwind. */
export function conclude(
  w: World,
  verdict: Verdict,
  message: string,
  lwp: Lwp | null,
  details: OutcomeDetails = {},
): Outcome {
  if (w.outcome !== null) return w.outcome;
  w.outcome = {
    verdict,
    message,
    icount: hooks.icount,
    virtualTimeNs: worldTimeNs(w, hooks.icount),
    lwp: lwp === null ? 0 : lwp.id,
    site: details.site ?? 0,
    lwps: (details.lwps ?? []).map((l) => l.id),
    error: details.error,
  };
  if (verdict !== 'passed') w.observer.failed?.(w.outcome);
  return w.outcome;
}
