/**
 * Reports: what detectors (detect/) found in a run, besides how it ended. A report does not end the
 * run, unless its detector was told to; so one run can show a race and what comes of it.
 */

import type { Verdict } from '../verdict.ts';

/** One side of a report: an access, a lock being taken, a call. */
export interface ReportSide {
  /** World-unique number, name and CPU of the LWP. */
  readonly lwp: number;
  readonly lwpName: string;
  readonly cpu: number;
  /** Where; negative for accesses (sites.ts). */
  readonly site: number;
  readonly icount: number;
  readonly does: 'read' | 'write' | 'lock' | 'free' | 'alloc' | 'call';
  /** Call sites outwards from the innermost generator (hooks.sites). */
  readonly callSites: readonly number[];
  /** Names of the locks that the LWP held. */
  readonly held: readonly string[];
}

export interface Report {
  /** The verdict of a run that ends with this. */
  readonly verdict: Verdict;
  /** The detector: `race`, `lock-order`, `atomicity`, `overflow`… */
  readonly detector: string;
  /** One sentence, with both places. */
  readonly message: string;
  readonly sides: readonly ReportSide[];
  /** Class of the object, and how people may find it: `tmpfs_node#3.parent`; '' where neither is. */
  readonly objectType: string;
  readonly object: string;
  /** More sentences, for who wants to know why. */
  readonly explanation: readonly string[];
  /** Variable.id of what it is about, for strategies that try to bring it about. */
  readonly variables?: readonly number[];
  /** The same for the same bug in other schedules: verdict, sites in order, type. */
  readonly signature: string;
}

/** A report as plain data, for files and other threads. */
export function plainReport(report: Report): Report {
  const { verdict, detector, message, sides, objectType, object, explanation } = report;
  const { variables, signature } = report;
  return {
    verdict,
    detector,
    message,
    sides,
    objectType,
    object,
    explanation,
    signature,
    ...(variables === undefined ? {} : { variables }),
  };
}
