/**
 * Captures the state of a failed run, at the moment at which its failure is announced.
 *
 *   observer.failed = (outcome) => { state = captureState(curworld(), outcome, view); };
 *
 * Called with the failing stack still in place (Observer.failed, kernel/world/outcome.ts). Runs no
 * kernel code and changes nothing, so the run's end is the same with it as without. Everything is
 * copied before it returns: the world unwinds afterwards.
 *
 * Must hold  Whatever fails in here, the head is there, and says what is missing. A core with a
 *            recording can always be run again, so a poorer state is better than none.
 */

import type { Debugger } from 'node:inspector';
import {
  current,
  hooks,
  type Lwp,
  type Outcome,
  siteTable,
  type World,
} from '../../kernel/index.ts';
import { encodeGraph } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { sentenceOf } from '../errors.ts';
import { isHostPath } from '../recording/paths.ts';
import { Inspector } from './inspect.ts';
import { SourceNames, type SourceRenames, type SourceText } from './names.ts';
import { type FrameReader, isAnnouncer, type MapPosition, nativeFrames } from './native.ts';
import type { Precision } from './scopes.ts';
import { type CapturedFrame, CapturedStack, type CapturedState, type HeadFrame } from './state.ts';
import { listedFrames, readPending, sleepingFrames } from './suspended.ts';

/** Where the caller knows more than the engine. */
export interface SourceView {
  readonly mapPosition: MapPosition;
  readonly text: SourceText;
  readonly renames?: SourceRenames;
}

export interface CaptureOptions {
  /** The host's frames, when the engine is paused at a throw already. */
  readonly paused?: {
    readonly inspector: Inspector;
    readonly callFrames: readonly Debugger.CallFrame[];
    /** The site of the statement that is about to run; 0 when it stands inside of one. */
    readonly site?: number;
  };
  /** `exact` while nothing is optimised (withoutOptimising); default `lossy`. */
  readonly precision?: Precision;
  /** Time for the variables of LWPs that the failure is not about. */
  readonly othersMs?: number;
  /** Time for the object graph. */
  readonly graphMs?: number;
  /** Bytes of buffers kept. */
  readonly maxBlobBytes?: number;
}

const OTHERS_MS = 100;
/** Frames of those LWPs whose variables are read whatever the time. */
const OTHERS_MIN = 64;
/** Time for the variables of LWPs that the failure is about. */
const CONCERNED_MS = 2_000;
const GRAPH_MS = 2_000;
const BLOB_BYTES = 16 << 20;
/** Frames in the head. */
const HEAD_FRAMES = 64;

/** The state of `w`, which has just failed with `outcome`. */
export function captureState(
  w: World,
  outcome: Outcome,
  view: SourceView,
  options: CaptureOptions = {},
): CapturedState {
  const startedMs = performance.now();
  const missing: string[] = [];
  const modules: FrameReader['modules'] = Object.create(null);
  const stacks = captureStacks(w, outcome, view, options, modules, missing);
  const chunks = captureGraph(w, stacks, modules, options, missing);
  const { verdict, message, icount, virtualTimeNs, lwp, lwps } = outcome;
  const running =
    stacks.find((stack) => stack.current) ?? stacks.find(({ lwp: l }) => l?.id === lwp);
  const stack = (running?.frames ?? []).slice(0, HEAD_FRAMES).map(headFrame);
  const standsAt = Math.min(hooks.icount, icount);
  const when = { icount, standsAt, virtualTimeNs };
  const head = { verdict, message, ...when, lwp, about: lwps, stack, missing };
  const concerned = stacks.filter(({ lwp: l, current: is }) => is || lwps.includes(l?.id ?? 0));
  const frames = concerned.flatMap((one) => one.frames);
  const undecided = frames.filter(({ optimizedAway }) => optimizedAway !== null).length;
  return { head, chunks, undecided, elapsedMs: performance.now() - startedMs };
}

function headFrame(frame: CapturedFrame): HeadFrame {
  const { function: name, path, lineBase1, columnBase0 } = frame;
  return { function: name, path: isHostPath(path) ? '' : path, lineBase1, columnBase0 };
}

function captureStacks(
  w: World,
  outcome: Outcome,
  view: SourceView,
  options: CaptureOptions,
  modules: FrameReader['modules'],
  missing: string[],
): CapturedStack[] {
  let inspector: Inspector | undefined;
  const stacks: CapturedStack[] = [];
  try {
    inspector = options.paused?.inspector ?? new Inspector();
    const names = new SourceNames(view.text, view.renames);
    const mapPosition = cleanMap(view.mapPosition);
    const precision = options.precision ?? 'lossy';
    const reader: FrameReader = {
      inspector,
      names,
      mapPosition,
      modules,
      precision,
      around: new Map(),
    };
    stacks.push(runningStack(reader, options));
    addSleepers(reader, w, outcome, options, stacks, missing);
  } catch (error) {
    missing.push(`Not all frames are here: ${sentenceOf(error)}`);
  } finally {
    if (options.paused === undefined) inspector?.close();
  }
  return stacks.filter(({ lwp, frames }) => lwp !== null || frames.length > 0);
}

/** Paths of a host never get into a core. */
function cleanMap(mapPosition: MapPosition): MapPosition {
  return (url, line, column, sourceMapUrl) => {
    const position = mapPosition(url, line, column, sourceMapUrl);
    return isHostPath(position.path) ? { ...position, path: '' } : position;
  };
}

function runningStack(reader: FrameReader, { paused }: CaptureOptions): CapturedStack {
  let frames: CapturedFrame[] = [];
  const read = (callFrames: readonly Debugger.CallFrame[]) => {
    frames = nativeFrames(reader, callFrames);
  };
  if (paused === undefined) reader.inspector.pausedHere(read);
  else read(paused.callFrames);
  const top = siteTable.position(paused?.site ?? 0);
  if (top !== undefined && frames.length > 0 && !isAnnouncer(top.path, top.function)) {
    frames[0].lineBase1 = top.lineBase1;
    frames[0].columnBase0 = top.columnBase0;
  }
  const l = current.lwp;
  if (l === null || hooks.frames !== l.frames) return new CapturedStack(l, true, frames);
  const listed = readPending(reader, listedFrames(), timeFor(CONCERNED_MS));
  return new CapturedStack(l, true, [...frames, ...listed.frames]);
}

/** Whether there is time for one more frame, of which `count` were read. */
function timeFor(budgetMs: number): (count: number) => boolean {
  const deadline = performance.now() + budgetMs;
  return (count) => count < OTHERS_MIN || performance.now() < deadline;
}

function addSleepers(
  reader: FrameReader,
  w: World,
  outcome: Outcome,
  options: CaptureOptions,
  stacks: CapturedStack[],
  missing: string[],
): void {
  const others = w.lwps.filter((l) => l !== null && l !== current.lwp) as Lwp[];
  const concerned = new Set([outcome.lwp, ...outcome.lwps]);
  const [first, rest] = [true, false].map((wanted) =>
    others.filter((l) => concerned.has(l.id) === wanted),
  );
  let unread = readSleepers(reader, first, timeFor(CONCERNED_MS), stacks);
  unread += readSleepers(reader, rest, timeFor(options.othersMs ?? OTHERS_MS), stacks);
  if (unread > 0) {
    missing.push(`The variables of ${unread} frames of other LWPs were left out, to save time.`);
  }
  stacks.sort((a, b) => (a.lwp?.id ?? 0) - (b.lwp?.id ?? 0));
}

/** Adds the stacks of some LWPs; gives the number of frames without variables. */
function readSleepers(
  reader: FrameReader,
  lwps: readonly Lwp[],
  more: (count: number) => boolean,
  stacks: CapturedStack[],
): number {
  const pending = lwps.map((l) => sleepingFrames(l));
  const { frames, unread } = readPending(reader, pending.flat(), more);
  let next = 0;
  lwps.forEach((l, i) => {
    const end = next + pending[i].length;
    stacks.push(new CapturedStack(l, false, frames.slice(next, end)));
    next = end;
  });
  return unread;
}

function captureGraph(
  w: World,
  stacks: readonly CapturedStack[],
  modules: FrameReader['modules'],
  options: CaptureOptions,
  missing: string[],
): Chunk[] {
  const roots = { kernels: w.kernels, lwps: w.lwps, stacks, modules };
  const omit = new Set<object>([w, w.observer, w.strategy]);
  for (const l of w.lwps) if (l !== null) for (const part of [l.frames, l.sites]) omit.add(part);
  try {
    return encodeGraph(roots, {
      omit,
      maxMs: options.graphMs ?? GRAPH_MS,
      maxBlobBytes: options.maxBlobBytes ?? BLOB_BYTES,
    });
  } catch (error) {
    missing.push(`The state is not here: ${sentenceOf(error)}`);
    return [];
  }
}
