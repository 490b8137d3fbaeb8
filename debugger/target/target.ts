/**
 * Target: what is debugged, behind one interface. Read this first.
 *
 *   const target = await openTarget({ kind: 'live', program: 'race.ts', spec });
 *   await target.move({ kind: 'start' });
 *   await target.setBreakpoints([{ id: 1, at: { kind: 'source', path, lineBase1: 12 } }]);
 *   const stop = await target.move({ kind: 'continue' });
 *   const frames = await target.stack(stop.lwp);
 *   await target.move({ kind: 'reverse-continue' });
 *
 * Three backends: a live run (`live`), a recording (`replay`), a core (`core`). One contract suite
 * runs over all three (test/debugger/target).
 *
 * Time    A place in time is an icount. The same icount is the same moment, however it was reached:
 *         forwards, backwards, in another process. A target stands before the statement of its
 *         icount; where it stands inside one (a verdict, an errno, a throw), `Stop.inside` says so.
 * Handles Frame numbers and handles of values hold until the target moves; then they are unknown.
 * Length  All that a debugger can ask, in one place.
 * Errors  TargetError, whose message is one sentence for people. A target that cannot do something
 *         says so in `capabilities()` beforehand, and in a TargetError when asked nevertheless.
 */

import type { Core } from '../../corefiles/index.ts';

export type TargetKind = 'live' | 'replay' | 'core';

/** What a target can do where it stands now; may change with every stop. */
export interface TargetCapabilities {
  /** It can run forwards. False for a core until it is re-run. */
  readonly forwards: boolean;
  /** It can go back. */
  readonly backwards: boolean;
  /** Variables can be written; in the past this starts a diversion. */
  readonly writes: boolean;
  /** Expressions can be evaluated; otherwise only paths (`vp.mount.name`). */
  readonly evaluates: boolean;
  /** One LWP can run while the others are held: the schedule is not that of a recording. */
  readonly holdsOthers: boolean;
  readonly dataBreakpoints: boolean;
  /** Why something above is false, as a sentence; '' when nothing is. */
  readonly reason: string;
}

export type StopReason =
  | 'entry'
  | 'step'
  | 'breakpoint'
  | 'function breakpoint'
  | 'data breakpoint'
  | 'errno'
  | 'throw'
  | 'pause'
  | 'goto'
  /** The run ended with a verdict other than `passed`; stacks are there. */
  | 'verdict'
  /** The run ended, with `passed`; nothing runs any more. */
  | 'end'
  /** Going back reached the beginning. */
  | 'start'
  /** An LWP that ran alone sleeps. */
  | 'blocked';

/** How a run ended. */
export interface TargetOutcome {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
}

/** A value that a data breakpoint saw change. */
export interface DataChange {
  /** What is watched, for people: `vp.size`. */
  readonly name: string;
  readonly access: 'read' | 'write';
  /** Values as text; before and after. */
  readonly before: string;
  readonly after: string;
  readonly icount: number;
}

/** A place in a source. */
export interface SourcePlace {
  /** Package-relative: `rumpus/kernel/kern/kern_mutex.ts`, `my-tests/race.ts`; '' if unknown. */
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

/** Where a target stands. */
export interface Stop {
  readonly reason: StopReason;
  readonly icount: number;
  readonly virtualTimeNs: number;
  /** LWP that stands at `place`; 0 for an interrupt or the boot path. */
  readonly lwp: number;
  readonly place: SourcePlace;
  /** One line for people: `panic: …`, `EINVAL made`, `vp.size: 0 → 512`. */
  readonly description: string;
  /** It stands inside the statement of `icount`, not before it. */
  readonly inside: boolean;
  /** Ids of the breakpoints that were hit. */
  readonly breakpoints: readonly number[];
  readonly change: DataChange | null;
  readonly outcome: TargetOutcome | null;
  /** The run is no longer that of the recording (or of the undisturbed program): a diversion. */
  readonly diverted: boolean;
}

export type Granularity = 'statement' | 'line';

/** A way to another moment. All are relative to where the target stands. */
export type Motion =
  /** Boots, up to the first statement of the program's main function. Again: restarts. */
  | { readonly kind: 'start'; readonly boot?: 'first statement of the boot path' }
  /** Runs until a breakpoint, a chosen exception or the end. `only`: that LWP, others held. */
  | { readonly kind: 'continue'; readonly only?: number }
  /** Goes back to the previous breakpoint, chosen exception, data access, or the beginning. */
  | { readonly kind: 'reverse-continue' }
  /**
   * A step of one LWP, whatever runs in between. `back` goes over calls, `back-in` into the end of
   * what the previous statement called, `back-out` to the call of this function. `target`: the
   * function to step into, a name of `stepTargets()`.
   */
  | {
      readonly kind: 'step';
      readonly how: 'over' | 'in' | 'out' | 'back' | 'back-in' | 'back-out';
      readonly lwp: number;
      readonly granularity?: Granularity;
      readonly target?: string;
      readonly only?: boolean;
    }
  | { readonly kind: 'goto'; readonly icount: number }
  /** The next (previous) point where the scheduler could choose, of any LWP. */
  | { readonly kind: 'scheduling-point'; readonly backwards: boolean }
  /** The next (previous) statement that another LWP than the one before runs. */
  | { readonly kind: 'switch'; readonly backwards: boolean }
  /** The next (previous) event of a kind of the trace (`syscall`, `errno`, `lock`…), or any. */
  | { readonly kind: 'event'; readonly backwards: boolean; readonly event: string }
  /** The last write (`backwards`) or next write of what a data id names (dataInfo()). */
  | { readonly kind: 'write'; readonly backwards: boolean; readonly dataId: string }
  /** The entry of the function of a frame. */
  | { readonly kind: 'restart-frame'; readonly frame: number };

/** What a move may be told besides; all optional. */
export interface MoveOptions {
  /** Ends the move: the target then stands where it was (backwards) or where it got (forwards). */
  readonly signal?: AbortSignal;
  /** How far a long move is, 0 to 1, and what it does: `going back`. */
  progress?(done: number, what: string): void;
}

/** Where a breakpoint is meant to be. */
export type BreakpointPlace =
  | {
      readonly kind: 'source';
      /** Package-relative path, or the absolute file that it was read from. */
      readonly path: string;
      readonly lineBase1: number;
      readonly columnBase0?: number;
    }
  /** A kernel or program function, or a system call by its name (`mkdir` is sys_mkdir). */
  | { readonly kind: 'function'; readonly name: string }
  /** Whenever what `dataId` (of dataInfo()) names is read or written, or changes its value. */
  | {
      readonly kind: 'data';
      readonly dataId: string;
      readonly access: 'read' | 'write' | 'readWrite' | 'change';
    };

export interface BreakpointRequest {
  readonly id: number;
  readonly at: BreakpointPlace;
  /**
   * Must be true in the frame. `$lwp`, `$cpu`, `$pid`, `$kernel` (its name) and `$icount` are known
   * besides the frame's variables; a condition of these alone costs nearly nothing.
   */
  readonly condition?: string;
  /**
   * `5`, `>5`, `>=5`, `<5`, `%5`: counted from the beginning of the run, so that the same hit is the
   * same moment, forwards and backwards. Counted are those for which the condition holds.
   */
  readonly hitCondition?: string;
  /** Prints instead of stopping; `{expression}` is replaced by its value. */
  readonly logMessage?: string;
}

/** What became of a request. */
export interface Breakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** Where it is: perhaps on a later line than was asked for. */
  readonly place: SourcePlace | null;
  /** Why it is elsewhere or not verified, as a sentence; '' when it is as was asked. */
  readonly message: string;
}

/** What else stops a run. */
export interface ExceptionRequest {
  /** Verdicts that stop; default all but `passed`. The end stops in any case, as `end`. */
  readonly verdicts?: readonly string[];
  /** Errnos that stop when one is made: names, or `all`. */
  readonly errnos?: readonly string[] | 'all';
  /** Throws in kernel code, or in all code, caught or not. */
  readonly throws?: 'never' | 'kernel' | 'all';
}

export interface LwpInfo {
  /** Number in its world. */
  readonly id: number;
  readonly lid: number;
  readonly name: string;
  readonly kernel: string;
  readonly pid: number;
  readonly procName: string;
  readonly cpu: number;
  /** `running`, `runnable`, `sleeping`, `zombie`… */
  readonly stat: string;
  readonly wmesg: string;
  /** `open("/tmp/a", 513, 420)`; '' outside of system calls. */
  readonly syscall: string;
  readonly current: boolean;
}

export interface FrameInfo extends SourcePlace {
  /** Number for scopes(), evaluate() and restart-frame. */
  readonly id: number;
  readonly lwp: number;
  readonly function: string;
  /** Component or package that the code belongs to: `tmpfs`, `kern`, `vfs`, `race.ts`. */
  readonly module: string;
  /** Dispatch, tracing, lock primitives: what steps go over by default. */
  readonly subtle: boolean;
  /** It is on the host's stack, so its variables can be written. */
  readonly running: boolean;
}

export interface Scope {
  /** `Locals`, `Arguments`, `Captured`, `Module`, `LWP`, `CPU`, `Kernel`, `Held locks`. */
  readonly name: string;
  readonly hint: 'locals' | 'arguments' | 'registers' | 'other';
  readonly handle: number;
  readonly named: number;
  readonly indexed: number;
  readonly expensive: boolean;
}

export interface Variable {
  readonly name: string;
  /** One line: `42`, `'name'`, `Vnode #17 {type: VREG, …}`, `Map(3)`. */
  readonly value: string;
  /** `number`, `string`, or the class: `Vnode`. */
  readonly type: string;
  /** For variables(); 0 when there is nothing inside. */
  readonly handle: number;
  readonly named: number;
  readonly indexed: number;
  /** Expression that gives it in its frame; '' when none does. */
  readonly evaluateName: string;
  /** For readMemory(); '' when it is no bytes. */
  readonly memory: string;
  readonly writable: boolean;
  /** Reads as undefined, but perhaps only because the engine has dropped it. */
  readonly optimizedAway: boolean;
}

/** Which part of a value's inside; all of it by default. */
export interface Page {
  readonly filter?: 'indexed' | 'named';
  readonly start?: number;
  readonly count?: number;
}

export interface EvaluateOptions {
  /** Number of a frame; without one only what is global: `kernel`, `lwp(3)`, kernel functions. */
  readonly frame?: number;
  /** `refused`: an expression that would change anything fails. Hover and watch use it. */
  readonly sideEffects: 'refused' | 'allowed';
  /** Host time, ms. */
  readonly timeoutMs?: number;
}

/** What a data breakpoint on a variable would watch; or why it cannot. */
export interface DataInfo {
  /** null when it cannot be watched. */
  readonly dataId: string | null;
  /** What is watched, for people; or why it cannot be. */
  readonly description: string;
  readonly accesses: readonly ('read' | 'write' | 'readWrite' | 'change')[];
}

export interface Completion {
  readonly label: string;
  readonly type: 'property' | 'method' | 'variable' | 'function' | 'class' | 'keyword';
}

export interface SourceInfo {
  readonly path: string;
  /** Absolute file with this very text; '' when there is none (any more). */
  readonly file: string;
}

/** A component of the running image. */
export interface ModuleInfo {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Output and news of a target, as they come. Nothing here asks for an answer. */
export interface TargetEvents {
  /** Console and dprintf lines and log points, once each however often their moment is passed. */
  output?(line: OutputLine): void;
  /** A breakpoint was found elsewhere, verified, or lost. */
  breakpointChanged?(breakpoint: Breakpoint): void;
  /**
   * Numbers of frames and of values are no longer good, though it stands where it stood: ask anew.
   */
  renumbered?(): void;
  /** The process is gone without having been asked to: killed, out of memory. */
  died?(why: string): void;
}

export interface OutputLine {
  readonly kind: 'console' | 'dprintf' | 'log';
  readonly text: string;
  readonly icount: number;
  readonly lwp: number;
  readonly place: SourcePlace | null;
}

/** A trace event, as text and as a place in time. */
export interface EventLine {
  readonly icount: number;
  /** -1 when nothing says any more how long the world had idled. */
  readonly virtualTimeNs: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly kind: string;
  /** What it is about, without the rest: `mkdir("/tmp")`. */
  readonly text: string;
}

export interface Target {
  readonly kind: TargetKind;
  /** Portable name of the program. */
  readonly program: string;
  /** Where it stands; null while it moves and before the first move. */
  readonly stop: Stop | null;
  /** Icount at which the recording, or what has been run so far, ends. */
  readonly lastIcount: number;
  events: TargetEvents;

  capabilities(): TargetCapabilities;

  /** Goes to another moment. One at a time. */
  move(motion: Motion, options?: MoveOptions): Promise<Stop>;
  /** Ends the move that is under way, forwards or backwards; its promise gives the stop. */
  interrupt(): Promise<void>;

  /** Replaces all breakpoints. */
  setBreakpoints(requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]>;
  setExceptions(request: ExceptionRequest): Promise<void>;
  /** Functions, or path patterns with `*`, that steps go over: besides or instead of the default. */
  setSkip(patterns: readonly string[]): Promise<void>;
  /** Places where a breakpoint may be, in a range of lines. */
  breakpointPlaces(
    path: string,
    fromLineBase1: number,
    toLineBase1: number,
  ): Promise<readonly SourcePlace[]>;
  /** Functions that the statement at which an LWP stands calls: names for a step's `target`. */
  stepTargets(frame: number): Promise<readonly string[]>;

  lwps(): Promise<readonly LwpInfo[]>;
  /** The whole stack of an LWP, innermost first. */
  stack(lwp: number): Promise<readonly FrameInfo[]>;
  scopes(frame: number): Promise<readonly Scope[]>;
  variables(handle: number, page?: Page): Promise<readonly Variable[]>;
  evaluate(expression: string, options: EvaluateOptions): Promise<Variable>;
  /** Writes a variable of a scope or a field of an object; gives its new value. */
  setVariable(handle: number, name: string, expression: string): Promise<Variable>;
  /** Writes what an expression names. */
  setExpression(expression: string, value: string, frame?: number): Promise<Variable>;
  completions(text: string, columnBase0: number, frame?: number): Promise<readonly Completion[]>;
  dataInfo(name: string, handle?: number, frame?: number): Promise<DataInfo>;

  /** Bytes of what a variable's `memory` names; fewer at its end. */
  readMemory(memory: string, offset: number, count: number): Promise<Uint8Array>;
  writeMemory(memory: string, offset: number, bytes: Uint8Array): Promise<number>;

  sources(): Promise<readonly SourceInfo[]>;
  /** The text that the image was made from. Errors: no such source. */
  sourceText(path: string): Promise<string>;
  modules(): Promise<readonly ModuleInfo[]>;

  /** The state at this moment, for whatever is asked of cores (corefiles/core). */
  state(): Promise<Core>;
  /** Trace events before (and at) this moment, oldest first, at most `count`. */
  trace(count: number): Promise<readonly EventLine[]>;
  /** Which statement made the errno that the last failing system call returned; text. */
  why(): Promise<string>;

  /**
   * Stands at the same moment again, in a run that the engine does not optimise: every variable of
   * every frame is there from now on, and runs are slower. Only targets with a process can.
   */
  exact?(): Promise<void>;

  /** Writes a core of this moment. */
  saveCore(file: string): Promise<void>;
  /** Writes the recording of what has been run so far; a diversion is refused. */
  saveRecording(file: string): Promise<void>;

  /**
   * Ends it and whatever process it has; one that was attached to is left, and runs on. Never fails;
   * a second call does nothing.
   */
  close(): Promise<void>;
  /** Ends a process that was attached to as well. */
  terminate?(): Promise<void>;
}

/** What a target cannot do, or was asked wrongly, in one sentence. */
export class TargetError extends Error {
  override name = 'TargetError';
}
