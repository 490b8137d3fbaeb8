/** What a hunt finds: failing schedules, whole and repeatable. */

import type { Report, Verdict } from '../../kernel/index.ts';

/**
 * A failing schedule. With the program, the spec, `seed` (of the kernels' random numbers and of the
 * host's answers) and `words` it is complete: a replay of `words` gives the same run.
 */
export interface Found {
  /** Number of the schedule in its hunt, from 0. */
  readonly index: number;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly message: string;
  readonly lwp: number;
  readonly icount: number;
  /** The same for the same bug in other schedules: verdict, places, types. */
  readonly signature: string;
  /** The schedule: directives (DIRECTIVE_WORDS words each). */
  readonly words: Int32Array;
  /** What detectors saw on the way, the verdict's own report first where it is one. */
  readonly reports: readonly Report[];
}

/** A bug: one failing schedule, and how often it was met. */
export interface Bug {
  readonly found: Found;
  readonly times: number;
}
