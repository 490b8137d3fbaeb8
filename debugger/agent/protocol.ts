/**
 * What the debugger's side and the agent in the target's process say to each other.
 *
 * The debugger asks by evaluating `__rumpusAgent.ask("name", [arguments])` in the target, which is
 * paused in the agent's own code or at a breakpoint of the engine; answers are plain data. While the
 * target runs, it can only be interrupted. What it says unasked comes through a binding of the
 * engine, as a Notice.
 */

import type { FrameInfo, Granularity, OutputLine, Stop } from '../target/target.ts';
import type { RunSpec } from '../run/spec.ts';
import type { RecordedTest } from '../vitest/rerun.ts';

/** Global name of the agent in the target's process. */
export const AGENT = '__rumpusAgent';
/** Global name of the binding through which notices come. */
export const NOTIFY = '__rumpusNotify';

/** How a message begins that says that a replay is not the recorded run. */
export const DIVERGED = 'the replay diverged';

/** What the process says when it can be debugged, or why it cannot. */
export type Hello =
  | {
      readonly kind: 'ready';
      readonly port: number;
      readonly secret: string;
      readonly pid: number;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** What a target process is told when it starts, as JSON in its environment. */
export interface TargetOrders {
  /** Absolute file of the program, or of the test file. */
  readonly program: string;
  /** The test whose run it is: vitest makes it again; null for a program. */
  readonly test: RecordedTest | null;
  readonly spec: RunSpec;
  /** Absolute file of the recording that is followed; '' for a live run. */
  readonly recording: string;
  /** The recording may be of sources that changed since. */
  readonly adapt: boolean;
  /** Names of fields whose accesses are told: the image is compiled for them. */
  readonly fields: readonly string[];
  /** Accesses of array elements and of Map entries are told as well. */
  readonly elements: boolean;
  /** Nothing is optimised: every variable of every frame is there, and runs are slower. */
  readonly exact: boolean;
}

/** Where an LWP stands, as rules compare it. */
export interface Start {
  readonly icount: number;
  readonly lwp: number;
  /** Of its calls; see rules.ts. */
  readonly depth: number;
  readonly site: number;
  readonly points: number;
}

/** How one LWP is stepped. */
export interface StepRule {
  readonly how: 'over' | 'in' | 'out';
  readonly lwp: number;
  readonly granularity: Granularity;
  /** Function to step into; '' for any. */
  readonly target: string;
}

/** What ends a run, or is looked for in it. */
export type Rule =
  | ({ readonly kind: 'step' } & StepRule)
  | {
      readonly kind: 'back';
      readonly how: 'back' | 'back-in' | 'back-out';
      readonly lwp: number;
      readonly granularity: Granularity;
    }
  /** Entry of the function at a depth. */
  | { readonly kind: 'entry'; readonly lwp: number; readonly depth: number }
  | { readonly kind: 'breakpoints' }
  | { readonly kind: 'scheduling-point' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'event'; readonly event: string }
  | { readonly kind: 'data'; readonly dataId: string }
  /** The first statement of the program's own code. */
  | { readonly kind: 'main' }
  /** The very next statement. */
  | { readonly kind: 'next'; readonly reason: 'pause' | 'blocked'; readonly lwp: number };

/** What the target is to do when it is resumed. */
export interface Order {
  /** Begins again, in a new world; otherwise goes on from here. */
  readonly again: boolean;
  /** Up to this icount nothing stops, and no statement is looked at. */
  readonly quietUntil: number;
  /** Stops there at the latest; null for nowhere. */
  readonly until: number | null;
  /** Breakpoints and chosen exceptions stop. */
  readonly breakpoints: boolean;
  /** Stops when it is met. */
  readonly stop: Rule | null;
  /** The last moment at which it was met is remembered: Where.found. */
  readonly find: Rule | null;
  /** Where an LWP stood before the run began again: what a rule is relative to; null for here. */
  readonly start: Start | null;
  /** Only this LWP runs; 0 for all. */
  readonly only: number;
  /** Throws: `collect` those that come; or stop at the one of this number, from 0. */
  readonly throws: 'collect' | number | null;
}

/** Where the target stands, and what came of the order. */
export interface Where {
  readonly stop: Stop;
  /** Icount of the last match of `find`; -1 for none. */
  readonly found: number;
  /** What was met there, for breakpoints. */
  readonly foundAs: Pick<Stop, 'reason' | 'breakpoints' | 'description' | 'change'> | null;
  /** Whose statement did it, if that is another's than the one of that icount; -1 if not known. */
  readonly foundLwp: number;
  /** The world is gone: nothing stands anywhere (after a run that passed). */
  readonly over: boolean;
  /** The number, of the throws that were collected, of the one that ended the run; -1 for none. */
  readonly culprit: number;
}

/** What a debugger is told that attaches to a process. */
export interface Arrival {
  readonly pid: number;
  /** It runs, or did; otherwise it waits for its first order. */
  readonly isBegun: boolean;
}

/** A write of the user to a moment of the past (or of now), which every later run repeats. */
export interface Intervention {
  readonly icount: number;
  readonly lwp: number;
  /** Index of the frame, innermost 0; -1 for none. */
  readonly frame: number;
  /** A statement that does it. */
  readonly code: string;
}

/** A frame as the agent knows it; the index among the host's frames is for evaluation. */
export interface AgentFrame extends FrameInfo {
  /** Index into the frames of the engine's pause; -1 for a suspended generator. */
  readonly native: number;
  readonly depth: number;
}

export type Notice =
  | { readonly kind: 'output'; readonly line: OutputLine }
  | { readonly kind: 'progress'; readonly icount: number };
