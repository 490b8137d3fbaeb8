/**
 * What the extension asks of the adapter beyond the protocol, and what it gets: the requests that
 * begin with `rumpus/`. debugger/dap answers them.
 */

import type { Timeline } from '../../tracer/index.ts';

/** `rumpus/where`: where the target stands. */
export interface Where {
  readonly icount: number;
  readonly lastIcount: number;
  readonly lwp: number;
  readonly lwpName?: string;
  readonly cpu?: number;
  /** One line: `panic: …`, `vp.size: 0 → 512`. */
  readonly description?: string;
  /** It is no longer the recorded run, since somebody wrote to the past. */
  readonly diverted: boolean;
  /** `live`, `replay` or `core`. */
  readonly kind?: string;
}

/** `rumpus/schedule`. */
export type ScheduleBody = Timeline & { readonly diverted?: boolean };

/** A node of the locks: an LWP or a lock, and what it waits for or who holds it. */
export interface LockNode {
  readonly text: string;
  readonly detail?: string;
  readonly lwp?: number;
  readonly children?: readonly LockNode[];
}

/** `rumpus/locks`. */
export interface LocksBody {
  readonly locks: readonly {
    readonly name: string;
    readonly kind: string;
    readonly holders: readonly { readonly lwp: number; readonly name: string }[];
    readonly waiters: readonly { readonly lwp: number; readonly name: string }[];
  }[];
  /** LWPs that wait for each other, in order. */
  readonly cycle: readonly { readonly lwp: number; readonly name: string; readonly lock: string }[];
}

/** `rumpus/syscalls`. */
export interface SyscallsBody {
  readonly lwp: number;
  readonly syscalls: readonly {
    readonly icount: number;
    readonly text: string;
    /** `= 3`, `EEXIST`; '' while it is in the call. */
    readonly result: string;
  }[];
}

/** `rumpus/events`. */
export interface EventsBody {
  readonly events: readonly {
    readonly icount: number;
    readonly cpu: number;
    readonly lwp: number;
    readonly kind: string;
    readonly text: string;
  }[];
}
