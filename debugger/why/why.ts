/**
 * why: which statement made the errno that a system call failed with, and which code passed it on.
 *
 * The program is run (or a recording replayed) once more with every errno logged. For a failed
 * call the returns that carried its errno out are followed back from the end; the origin is the
 * last time the errno was made before the first of them, on whichever LWP that was.
 */

import { ReplayStrategy, siteTable, type World } from '../../kernel/index.ts';
import type { RecordedSource, RecordingData } from '../../corefiles/index.ts';
import type { StackFrame } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { type Execution, execute } from '../run/execute.ts';
import { type LoadedProgram, sourcesOf } from '../run/load.ts';
import { replay } from '../run/replay.ts';
import type { RunSpec } from '../run/spec.ts';
import { type ErrnoEvent, type FailedCall, hearingReturns, WhyLog } from './log.ts';

/** A frame with the text of its line. */
export interface SourceFrame extends StackFrame {
  readonly source: string;
}

export interface Explanation {
  readonly syscall: string;
  readonly args: readonly unknown[];
  readonly errno: number;
  readonly code: string;
  readonly lwp: number;
  readonly lwpName: string;
  /** Icount at which the call failed. */
  readonly icount: number;
  /** Where the errno was made; null when no statement of kernel code did. */
  readonly origin: Origin | null;
  /** The code that it passed on its way out, innermost first. */
  readonly path: readonly SourceFrame[];
}

export interface Origin {
  readonly icount: number;
  readonly lwp: number;
  readonly lwpName: string;
  readonly frame: SourceFrame;
  /** The stack at that moment, innermost first, without `frame`. */
  readonly stack: readonly SourceFrame[];
}

export interface WhyResult {
  readonly run: Execution;
  /** Every failed system call of the run, in order. */
  readonly explanations: readonly Explanation[];
}

/** Runs the program with errnos logged. */
export function whyProgram(loaded: LoadedProgram, spec: RunSpec): WhyResult {
  const log = new WhyLog();
  const run = hearingReturns(log, () =>
    execute(loaded, spec, {
      prepare: (w) => {
        w.errnos = log;
      },
    }),
  );
  return { run, explanations: explainAll(log, sourcesOf(loaded)) };
}

/** Replays a recording with errnos logged. */
export function whyRecording(
  loaded: LoadedProgram,
  data: RecordingData,
  adapt: boolean,
): WhyResult {
  const log = new WhyLog();
  const { run, divergence } = hearingReturns(log, () =>
    replay(loaded, data, {
      adapt,
      prepare: (w) => {
        w.errnos = log;
      },
    }),
  );
  if (divergence !== null && !adapt) throw new InputError(`the replay diverged ${divergence}`);
  return { run, explanations: explainAll(log, sourcesOf(loaded)) };
}

/** The calls that have failed in a world that stands at `icount`, by running up to there again. */
export function whyUntil(
  loaded: LoadedProgram,
  spec: RunSpec,
  w: World,
  icount: number,
): readonly Explanation[] {
  const log = new WhyLog();
  hearingReturns(log, () =>
    execute(
      loaded,
      { ...spec, budget: Math.max(1, icount) },
      {
        strategy: new ReplayStrategy(w.directives.copy()),
        hypercalls: w.hypercalls.records,
        checkpoints: false,
        prepare: (again) => {
          again.errnos = log;
        },
      },
    ),
  );
  return explainAll(log, sourcesOf(loaded));
}

function explainAll(log: WhyLog, sources: readonly RecordedSource[]): Explanation[] {
  const lines = new SourceLines(sources);
  return log.failures.map((call) => explain(call, log.events, lines));
}

function explain(call: FailedCall, events: readonly ErrnoEvent[], lines: SourceLines): Explanation {
  const wayOut = returnsOf(call, events);
  const first = wayOut[0];
  const firstAt = first === undefined ? call.eventsUntil : events.indexOf(first);
  const origin = originBefore(call, events, firstAt);
  const returned = wayOut.map((event) => event.stack[0]).filter((frame) => frame !== undefined);
  const within = origin?.lwp === call.lwp ? origin.stack : [];
  const path = wayThrough(within, returned).map((frame) => lines.frame(frame));
  const { syscall, args, errno, lwp, lwpName, until } = call;
  return {
    syscall,
    args,
    errno: errno.errno,
    code: errno.code,
    lwp,
    lwpName,
    icount: until,
    origin: origin === undefined ? null : toOrigin(origin, lines),
    path,
  };
}

/** The returns which carried the errno out of the call, first first. */
function returnsOf(call: FailedCall, events: readonly ErrnoEvent[]): ErrnoEvent[] {
  const list: ErrnoEvent[] = [];
  let depth = 0;
  for (let i = call.eventsUntil - 1; i >= 0; i--) {
    const event = events[i];
    if (event.icount < call.since) break;
    if (event.lwp !== call.lwp) continue;
    if (event.errno !== call.errno) break;
    if (event.kind === 'made') break;
    if (event.depth < depth) break;
    depth = event.depth;
    list.unshift(event);
  }
  return list;
}

/**
 * The functions that the errno passed, innermost first: those on the stack where it was made, and
 * those that returned it, which differ when it waited in a field for somebody else to pick it up.
 */
function wayThrough(stack: readonly StackFrame[], returned: readonly StackFrame[]): StackFrame[] {
  const end = stack.findIndex((frame) => isDispatch(frame.function));
  const inside = end < 0 ? stack : stack.slice(0, end);
  const way: StackFrame[] = [];
  const add = (frame: StackFrame) => {
    const { function: name, path } = frame;
    if (!isDispatch(name) && !way.some((f) => f.function === name && f.path === path)) {
      way.push(frame);
    }
  };
  let next = 0;
  for (const frame of inside) {
    const met = returned.findIndex((r, i) => i >= next && r.function === frame.function);
    for (; next <= met; next++) add(returned[next]);
    add(frame);
  }
  for (const frame of returned.slice(next)) add(frame);
  return way;
}

/** The functions between a program and a system call's own function. */
function isDispatch(name: string): boolean {
  return name === 'syscall' || name === 'syscall_wait';
}

function originBefore(
  call: FailedCall,
  events: readonly ErrnoEvent[],
  before: number,
): ErrnoEvent | undefined {
  for (let i = Math.min(before, call.eventsUntil - 1); i >= 0; i--) {
    const event = events[i];
    if (event.icount < call.since) return undefined;
    if (event.kind === 'made' && event.errno === call.errno) return event;
  }
  return undefined;
}

function toOrigin(event: ErrnoEvent, lines: SourceLines): Origin {
  const [innermost, ...outer] = event.stack.map((frame) => lines.frame(frame));
  const { icount, lwp, lwpName } = event;
  return { icount, lwp, lwpName, frame: innermost, stack: outer };
}

/** Lines of the image's sources by path. */
export class SourceLines {
  readonly #texts: Map<string, string>;
  readonly #lines = new Map<string, string[]>();

  constructor(sources: readonly RecordedSource[]) {
    this.#texts = new Map(sources.map(({ path, text }) => [path, text]));
  }

  /** The trimmed text of a line; '' when the source is not known. */
  line(path: string, lineBase1: number): string {
    let lines = this.#lines.get(path);
    if (lines === undefined) {
      lines = (this.#texts.get(path) ?? '').split('\n');
      this.#lines.set(path, lines);
    }
    return (lines[lineBase1 - 1] ?? '').trim();
  }

  frame(frame: StackFrame): SourceFrame {
    return { ...frame, source: this.line(frame.path, frame.lineBase1) };
  }

  /** The text at a site. */
  site(site: number): string {
    const position = siteTable.position(site);
    return position === undefined ? '' : this.line(position.path, position.lineBase1);
  }
}
