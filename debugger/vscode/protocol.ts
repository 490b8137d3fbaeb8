/**
 * What the extension asks of the adapter beyond the protocol, and what it gets: the requests that
 * begin with `rumpus/`. debugger/dap answers them.
 */

import type { LockReport } from '../../corefiles/index.ts';
import type { Timeline } from '../../tracer/index.ts';
import type { EventLine } from '../target/index.ts';

/** A moment: in the answer of every request that moves, and in `stopped` events. */
export interface Moment {
  readonly icount: number;
  readonly lwp: number;
}

/** `rumpus/where`: where the target stands. */
export interface WhereBody {
  /** `live`, `replay` or `core`. */
  readonly kind: string;
  readonly moving: boolean;
  readonly stop: Moment | null;
  readonly lastIcount: number;
  /** It is no longer the recorded run, since somebody wrote to the past. */
  readonly diverted: boolean;
}

/** `rumpus/schedule`. */
export type ScheduleBody = Timeline;

/** `rumpus/locks`. */
export type LocksBody = LockReport;

/** `rumpus/events`, oldest first. */
export interface EventsBody {
  readonly events: readonly EventLine[];
}

/** `rumpus/syscalls`: where system calls of an LWP began and ended, oldest first. */
export interface SyscallsBody extends EventsBody {
  readonly lwp: number;
  /** The one that it is in; '' for none. */
  readonly current: string;
}

/** `rumpus/bookmark` with the action `add`. */
export interface BookmarkBody {
  readonly bookmark: {
    readonly name: string;
    readonly icount: number;
    readonly path: string;
    readonly lineBase1: number;
  };
}

/** A line that the program printed, or a log point: in the `data` of an `output` event. */
export interface PrintedLine {
  /** `console`, `dprintf` or `log`. */
  readonly kind: string;
  readonly icount: number;
  readonly lwp: number;
  readonly text: string;
}

/** The thread of an interrupt or the boot path, which are no LWP. */
const NO_LWP_THREAD = 1_000_000_000;

/** The LWP of a thread; 0 for none. */
export function lwpOf(threadId: number): number {
  return threadId === NO_LWP_THREAD ? 0 : threadId;
}

/** `LWP 3 writer` of a thread's name, `LWP 3 writer, race.ts[1], cpu 1, sleeping on pipe`. */
export function shortThreadName(name: string): string {
  return name.replace(/^.*?(?=LWP \d)/, '').split(', ')[0];
}
