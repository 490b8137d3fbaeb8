/**
 * Virtual CPUs. Follows NetBSD sys/sys/cpu_data.h and sys/rump/librump/rumpkern/scheduler.c.
 *
 * A virtual CPU is a token: an LWP runs while it holds one. One host thread runs all of them in
 * turn, so they buy interleavings, not speed.
 */

import type { Kernel } from './kernel.ts';
import type { Lwp } from './lwp.ts';

export class Cpu {
  kernel: Kernel;
  /** 0 to ncpu - 1. */
  index: number;
  /** Position among all CPUs of the world, which is the order in which choices list them. */
  order: number;
  /** The LWP that holds this CPU, running or between two scheduling points; null when idle. */
  curlwp: Lwp | null = null;
  /** Runnable LWPs, highest priority first, first-in first-out within one. */
  runq: Lwp[] = [];
  /** An LWP that a softint took the CPU from; it goes on when the softint is done. */
  interrupted: Lwp | null = null;
  /** Softint levels with work, a bit each. */
  softPending = 0;
  /** Context switches so far. */
  switches = 0;

  constructor(kernel: Kernel, index: number, order: number) {
    this.kernel = kernel;
    this.index = index;
    this.order = order;
  }
}
