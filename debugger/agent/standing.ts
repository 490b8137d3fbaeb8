/**
 * Where the target stands: the stop that a debugger is told of, and the pause itself.
 */

import { current, hooks, siteTable, type World, worldTimeNs } from '../../kernel/index.ts';
import type { SourcePlace, Stop, StopReason, TargetOutcome } from '../target/target.ts';
import { type Armed, placeOf } from './breakpoints.ts';
import type { Output } from './output.ts';
import type { Where } from './protocol.ts';
import type { Stacks } from './stacks.ts';
import type { Timeline } from './timeline.ts';

const NO_PLACE: SourcePlace = { path: '', lineBase1: 0, columnBase0: 0 };

/** What is said about a stop; the rest follows from where the world stands. */
export interface StopDetails {
  readonly reason: StopReason;
  readonly description?: string;
  readonly breakpoints?: readonly number[];
  readonly inside?: boolean;
  readonly site?: number;
  /** LWP that stands there, if it is not the one that runs. */
  readonly lwp?: number;
  readonly outcome?: Stop['outcome'];
  readonly change?: Stop['change'];
  /** LWP whose statement did it, which others may have come into. */
  readonly madeBy?: number;
}

export class Standing {
  stop: Stop | null = null;
  /** Icount of the last match of what an order looks for; -1 for none. */
  found = -1;
  foundAs: Where['foundAs'] = null;
  foundLwp = -1;
  /** The engine is paused in park(). */
  parked = false;
  readonly #timeline: Timeline;
  readonly #stacks: Stacks;
  readonly #output: Output;

  constructor(timeline: Timeline, stacks: Stacks, output: Output) {
    this.#timeline = timeline;
    this.#stacks = stacks;
    this.#output = output;
  }

  /** Nothing has been found yet. */
  begin(): void {
    this.found = -1;
    this.foundAs = null;
  }

  /** The last match of what is looked for; a later one takes its place. */
  noteFound(details: StopDetails, icount: number): void {
    const { reason, breakpoints = [], description = '', change = null } = details;
    this.found = icount;
    this.foundLwp = details.madeBy ?? -1;
    this.foundAs = { reason, breakpoints, description, change };
  }

  /** Notes where the world stands, at this icount. */
  note(w: World, details: StopDetails, icount: number): void {
    const { reason, description, inside, breakpoints, change, outcome } = details;
    const site = details.site ?? hooks.site;
    this.stop = {
      ...this.#at(w, icount, details.lwp ?? current.lwp?.id ?? 0, site),
      reason,
      description: description ?? '',
      inside: inside ?? false,
      breakpoints: breakpoints ?? [],
      change: change ?? null,
      outcome: outcome ?? null,
    };
    this.#stacks.site = inside === true ? 0 : site;
  }

  /** The run is over; nothing stands any more. */
  end(w: World | null, outcome: TargetOutcome): void {
    const { verdict, message, icount } = outcome;
    const description = message === '' ? verdict : `${verdict}: ${message}`;
    this.stop = { ...this.#at(w, icount, 0, 0), reason: 'end', description, outcome };
  }

  #at(w: World | null, icount: number, lwp: number, site: number): Stop {
    const position = siteTable.position(site);
    return {
      reason: 'pause',
      icount,
      virtualTimeNs: w === null ? 0 : worldTimeNs(w, icount),
      lwp,
      place: position === undefined ? NO_PLACE : placeOf(position),
      description: '',
      inside: false,
      breakpoints: [],
      change: null,
      outcome: null,
      diverted: icount >= this.#timeline.divertedFrom,
    };
  }

  /** Pauses the engine until the debugger resumes it. */
  park(): void {
    this.#output.shownUntil = Math.max(this.#output.shownUntil, this.stop?.icount ?? 0);
    this.parked = true;
    // biome-ignore lint/suspicious/noDebugger: this is how the target stops.
    debugger;
    this.parked = false;
  }

  /** Inside a statement, the place is that of the innermost frame. */
  placeInside(w: World | null): void {
    const { stop } = this;
    if (w === null || stop === null || !stop.inside) return;
    const top = this.#stacks.of(w, stop.lwp)[0]?.info;
    if (top === undefined) return;
    const { path, lineBase1, columnBase0 } = top;
    this.stop = { ...stop, place: { path, lineBase1, columnBase0 } };
  }

  where(over: boolean): Omit<Where, 'culprit'> {
    if (this.stop === null) throw new Error('nothing has run yet');
    const { stop, found, foundAs, foundLwp } = this;
    return { stop, found, foundAs, foundLwp, over };
  }
}

/** The stop at breakpoints. */
export function detailsOf(met: readonly Armed[], site: number): StopDetails {
  const isFunction = met.every((one) => one.isFunction);
  return {
    reason: isFunction ? 'function breakpoint' : 'breakpoint',
    breakpoints: met.map(({ request }) => request.id),
    site,
  };
}
