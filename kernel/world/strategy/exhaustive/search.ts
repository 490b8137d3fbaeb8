/** What the two exhaustive searches have in common, and how a search says what it has shown. */

import type { Lwp } from '../../../kern/lwp.ts';
import type { DirectiveKind } from '../../directives.ts';
import type { Monitor } from '../../monitor.ts';
import type { World } from '../../world.ts';
import type { ChoiceKind } from '../strategy.ts';

/** What happened in the runs of a search that its certificate has to tell. */
export interface Caveats {
  /** An LWP that yielded again and again had to wait. */
  yielded: boolean;
  /** Runs that ended with their statement budget. */
  cut: number;
  /** Timers fired: at the moment of the virtual clock, and at no other. */
  timers: boolean;
  /** A run did not follow its prefix: what was different. */
  diverged: string;
}

/** A search over schedules, one run after another. */
export interface Search {
  readonly monitor?: Monitor;
  /** Runs made so far. */
  readonly executions: number;
  /** Complete ones that differ in more than the order of independent steps. */
  readonly classes: number;
  /** Runs that turned out to be in vain. */
  readonly blocked: number;
  readonly caveats: Caveats;
  /** Another run is needed. */
  more(): boolean;
  begin(): void;
  ended(w: World): void;
  /** `kind` says what brought the question. */
  next(candidates: readonly Lwp[], count: number, current: Lwp | null, kind: DirectiveKind): number;
  choose(kind: ChoiceKind, count: number): number;
  /** What was explored by now, as the subject of a sentence: `all 4 classes`. */
  explored(): string;
}

export function noCaveats(): Caveats {
  return { yielded: false, cut: 0, timers: false, diverged: '' };
}

/** `1 class`, `4 classes`. */
export function counted(count: number, singular: string, plural: string): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** What a search has shown, in a sentence or two. */
export function certificate(search: Search): string {
  const { yielded, cut, timers, diverged } = search.caveats;
  if (diverged !== '') return `not exhaustive: ${diverged}`;
  const but: string[] = [];
  if (search.more()) but.push('the search was stopped before its end');
  if (cut > 0) but.push(`${counted(cut, 'run', 'runs')} ended with the statement budget`);
  const runs = counted(search.executions, 'execution', 'executions');
  const fair = yielded ? '; who yields twice in a row at one place lets the others go first' : '';
  const timed = timers ? '; timers fire when the virtual clock says so' : '';
  const notes = fair + timed;
  if (but.length === 0) return `${search.explored()} explored, in ${runs}${notes}`;
  const reached = counted(search.classes, 'class', 'classes');
  return `not exhaustive: ${but.join('; ')}; ${reached} explored so far, in ${runs}${notes}`;
}
