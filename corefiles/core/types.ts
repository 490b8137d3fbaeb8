/**
 * What a core answers: the types of the query library. Everything here is plain data.
 *
 *   const core = openCore('panic.core');                      // read.ts; opening runs nothing
 *   core.lwps()[0].frames[0].locals                           // query/lwps.ts
 *   core.resolve('kernel.procs[1].fd.slots[3].refcnt')        // query/path.ts
 *   analysisText(analyze(core))                               // analyze.ts, text/
 *
 * Values are the graph's: `describe(core, value)` makes a line of text of one.
 */

import type { Graph, Value } from '../codec/index.ts';
import type { RecordedEvents, RecordingRead } from '../recording/types.ts';

/** A place in a source. */
export interface CorePosition {
  /** Package name, then the path in the package; '' when it is not known. */
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

/** A variable of a frame. */
export interface CoreLocal {
  readonly name: string;
  readonly value: Value;
  /** `captured` is a variable of an enclosing function. */
  readonly scope: 'local' | 'captured';
  /** It reads as undefined, but perhaps only because the engine had dropped it. */
  readonly optimizedAway: boolean;
}

export interface CoreFrame extends CorePosition {
  readonly function: string;
  /** Text of the line, without the blanks around it; '' when the source is not in the file. */
  readonly source: string;
  readonly locals: readonly CoreLocal[];
}

export interface CoreLwp {
  /** Number in its world; what `LWP 3` means everywhere. */
  readonly id: number;
  /** Number in its process. */
  readonly lid: number;
  readonly name: string;
  readonly kernel: string;
  readonly pid: number;
  readonly procName: string;
  readonly cpu: number;
  readonly priority: number;
  /** `running`, `runnable`, `sleeping`, `zombie`… */
  readonly stat: string;
  /** True for the one that ran when the run ended. */
  readonly current: boolean;
  /** What a sleeping LWP says it waits for; '' when awake. */
  readonly wmesg: string;
  /** The lock it waits for; '' when it waits for none. */
  readonly waitsFor: string;
  /** The locks it holds. */
  readonly holds: readonly string[];
  /** `open("/tmp/a", 513, 420)`; '' outside of system calls. */
  readonly syscall: string;
  readonly icount: number;
  /** Innermost first. */
  readonly frames: readonly CoreFrame[];
  /** Number of the Lwp object in the graph; -1 when it is lost. */
  readonly objectId: number;
}

export interface CoreProc {
  readonly kernel: string;
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly uid: number;
  readonly stat: string;
  readonly lwps: readonly number[];
  readonly objectId: number;
}

/** A lock that somebody holds or waits for. */
export interface CoreLock {
  readonly name: string;
  /** `KMutex`, `KRwlock`… */
  readonly type: string;
  /** LWP that holds it exclusively; 0 for none. */
  readonly owner: number;
  readonly readers: readonly number[];
  readonly waiters: readonly number[];
  readonly objectId: number;
}

/** An edge of the wait-for graph. */
export interface WaitEdge {
  readonly waiter: number;
  readonly lock: string;
  readonly lockId: number;
  readonly holder: number;
}

export interface CoreKernel {
  readonly name: string;
  readonly ncpu: number;
  readonly components: readonly string[];
  readonly halted: boolean;
  readonly procs: number;
  readonly lwps: number;
  readonly dmesg: readonly string[];
  readonly objectId: number;
}

/** Where a path led. */
export interface Resolved {
  /** The path as it was understood. */
  readonly path: string;
  readonly value: Value;
}

/** A core that was opened. */
export interface Core {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  /** Where the stacks stand: before `icount` when the failure is an exception, at its throw. */
  readonly standsAt: number;
  readonly virtualTimeNs: number;
  /** LWP that ran when the run ended; 0 for none. */
  readonly lwp: number;
  /** LWPs that the verdict is about: the members of a cycle, the sleepers. */
  readonly about: readonly number[];
  /** The stack of the LWP that ran, which is in the file even when the state is lost. */
  readonly stack: readonly CoreFrame[];
  readonly recording: RecordingRead;
  readonly console: string;
  /** The last events, as words; tracer/trace decodes them. */
  readonly events: RecordedEvents | undefined;
  /** Undefined when the file has no state. */
  readonly graph: Graph | undefined;
  /** What is missing or damaged, a sentence each. */
  readonly warnings: readonly string[];
  lwps(): readonly CoreLwp[];
  procs(): readonly CoreProc[];
  locks(): readonly CoreLock[];
  waits(): readonly WaitEdge[];
  kernels(): readonly CoreKernel[];
  /**
   * What `kernel.procs[1]`, `lwp[3].frames[0].locals.vp` or `#17.name` is. A path may begin with one
   * of `names`, too, and these come first. Errors: no-such-path.
   */
  resolve(path: string, names?: ReadonlyMap<string, Value>): Resolved;
  /** A line of a source, without the blanks around it; '' when it is not known. */
  sourceLine(path: string, lineBase1: number): string;
}
