/**
 * HuntReport: a finding as plain data, from which the terminal's text (text.ts), the page (page.ts)
 * and --json are made. Fields that commands share mean what they mean everywhere.
 */

import type { Timeline } from '../../../tracer/index.ts';
import type { StatisticsReport } from './statistics.ts';

/** A line of source that somebody stood at. */
export interface PlaceReport {
  readonly function: string;
  /** Portable path, and its line; 0 where it is not known. */
  readonly path: string;
  readonly line: number;
  /** The trimmed text of the line; '' where the source is not known. */
  readonly source: string;
}

/** The system call that an LWP was in. */
export interface CallReport {
  readonly name: string;
  /** As a person would write them, in one line. */
  readonly args: string;
}

/** One of the operations that the finding is about. */
export interface SideReport {
  /** `A`, `B`…: how the timeline's rows refer to it. */
  readonly mark: string;
  /** `reads`, `writes`, `updates`, `takes`, `waits for`, `frees`, `fails`… */
  readonly does: string;
  /** What it does that to: `FdFile#2.refcnt`, `mutex a`; '' for nothing. */
  readonly object: string;
  /** Values as text; '' where there is none, or it is not known. */
  readonly before: string;
  readonly after: string;
  readonly lwp: number;
  readonly lwpName: string;
  readonly cpu: number;
  /** The LWP's own count of scheduling points: what directives say. */
  readonly step: number;
  readonly icount: number;
  readonly held: readonly string[];
  readonly syscall: CallReport | null;
  readonly place: PlaceReport;
  /** The lines around the place, the place's own among them; empty where the source is not known. */
  readonly excerpt: readonly { readonly line: number; readonly text: string }[];
  /** Innermost first, the place's own frame among them; plumbing is left out. */
  readonly stack: readonly PlaceReport[];
  /** The row of the timeline, from 1; 0 for none. */
  readonly row: number;
}

/** Why another LWP runs from here on. */
export interface SwitchReport {
  readonly icount: number;
  readonly from: number;
  readonly to: number;
  /** Who runs in the end, when others came in between: the LWP of the row. */
  readonly next: number;
  /** `preempted`, `waits for mutex a`, `sleeps on 'pipe'`, `exits`. */
  readonly why: string;
  /** The directive that made it so, as text; '' when the default schedule did. */
  readonly directive: string;
}

/** One row of the timeline. */
export interface RowReport {
  /** From 1. */
  readonly row: number;
  /** Index into `columns`. */
  readonly column: number;
  /** `A`, `B`… of the sides that this row is; '' for none. */
  readonly mark: string;
  readonly lwp: number;
  readonly cpu: number;
  readonly icount: number;
  /** What happens, in a few words: `n: 3 → 4`, `takes mutex a`, `wakes LWP 3`. */
  readonly does: string;
  readonly place: PlaceReport;
  /** The switch that led here; null when the LWP of the row before goes on. */
  readonly switched: SwitchReport | null;
  /** Rows that were left out before this one. */
  readonly omitted: number;
}

export interface ColumnReport {
  readonly lwp: number;
  readonly name: string;
}

/** The nearest schedule that passes. */
export interface SwapReport {
  /** Rows whose order is the other one there; 0 where that cannot be said with rows. */
  readonly first: number;
  readonly second: number;
  /** The sentence: `The same run with lines 7 and 8 swapped passes.` */
  readonly sentence: string;
  /** The passing schedule's directives. */
  readonly schedule: string;
}

/** How the schedule was shrunk. */
export interface ShrinkReport {
  readonly directives: number;
  readonly directivesBefore: number;
  readonly replays: number;
  /** What is known of its being the smallest; '' for nothing. */
  readonly minimal: string;
}

export interface HuntReport {
  readonly program: string;
  readonly verdict: string;
  /** The verdict's own sentence. */
  readonly message: string;
  /** One line: class, the two places, the object. */
  readonly headline: string;
  /** Class of the object that the finding is about, and how a person finds it; '' for none. */
  readonly objectType: string;
  readonly object: string;
  readonly objectPath: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly seed: number;
  readonly ncpu: number;
  readonly preempt: boolean;
  readonly strategy: string;
  readonly grain: string;
  readonly image: string;
  /** Number of the schedule in its hunt, from 1, and how often the same bug was met. */
  readonly schedulesToFailure: number;
  readonly times: number;
  /** The schedule as directives: a complete reproduction. */
  readonly schedule: string;
  readonly preemptions: number;
  readonly sides: readonly SideReport[];
  readonly columns: readonly ColumnReport[];
  readonly rows: readonly RowReport[];
  /** Rows that were left out after the last one. */
  readonly omitted: number;
  readonly swap: SwapReport | null;
  readonly shrink: ShrinkReport | null;
  /** More sentences: what detectors explain, the loop that spins, other findings of the run. */
  readonly notes: readonly string[];
  readonly timeline: Timeline;
  readonly statistics: StatisticsReport;
  /** Command lines. */
  readonly reproduce: string;
  /** Where the run was recorded: a path, when it was. */
  readonly recording?: string;
  readonly core?: string;
}
