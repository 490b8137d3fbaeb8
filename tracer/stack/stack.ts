/**
 * The stack of the running LWP: the host's own frames down to the scheduler, and below them the
 * generators that the scheduler did not have to resume, from the frame list.
 *
 *   innermost  plain functions, then generators frames[base..fp), as the host shows them
 *   below      frames[base-1] … frames[0], each at the call site that sites[] has for it
 */

import { hooks, type Lwp, siteTable } from '../../kernel/index.ts';
import { originalPosition, type SourcePosition } from './sourcemaps.ts';

export interface StackFrame extends SourcePosition {
  readonly function: string;
}

/** Functions at which the host's stack leaves the LWP's. */
const BOTTOM = new Set(['resumeInnermost', 'unwind', 'onBootPath', 'runLwp', 'execute']);
/** Functions of ours that no reader wants to see. */
const HIDDEN = new Set([
  'unwindWorld',
  'conclude',
  'fail',
  '#fail',
  'hit',
  'hitYield',
  'made',
  'dropped',
]);
/** Frames of the host's stack that are kept. */
const NATIVE_MAX = 200;

const LINE = /^\s*at (?:(?:async )?(.*?) \()?(.*?):(\d+):(\d+)\)?$/;

/** The frames of a stack trace text, down to the scheduler. */
export function parseStack(text: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const name = functionName(match[1] ?? '');
    if (BOTTOM.has(name)) break;
    const position = originalPosition(match[2], Number(match[3]), Number(match[4]) - 1);
    frames.push({ function: name, ...position });
  }
  return frames;
}

/** `Object.sys_open [as call]` is sys_open. */
function functionName(text: string): string {
  const bare = text.replace(/ \[as .*\]$/, '').replace(/^new /, '');
  return bare.slice(bare.lastIndexOf('.') + 1);
}

/** Frames that are only on the frame list, outermost last. */
function listedFrames(sites: readonly number[], top: number): StackFrame[] {
  const frames: StackFrame[] = [];
  for (let i = top; i > 0; i--) {
    const position = siteTable.position(sites[i]);
    if (position === undefined) continue;
    const { path, lineBase1, columnBase0 } = position;
    frames.push({ function: position.function, path, lineBase1, columnBase0 });
  }
  return frames;
}

/** The running LWP's whole stack, innermost first, without the `skip` innermost functions. */
export function currentStack(skip: readonly string[] = []): StackFrame[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = NATIVE_MAX;
  const text = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const native = parseStack(text);
  const own = native.findIndex((frame) => frame.function === 'currentStack');
  const hidden = new Set([...HIDDEN, ...skip]);
  return [...native.slice(own + 1), ...listedFrames(hooks.sites, hooks.base)].filter(
    (frame) => !hidden.has(frame.function),
  );
}

/** The stack of an LWP that does not run. */
export function sleepingStack(l: Lwp): StackFrame[] {
  const frames = listedFrames(l.sites, l.fp - 1);
  const top = siteTable.position(l.site);
  if (top !== undefined) {
    const { path, lineBase1, columnBase0 } = top;
    frames.unshift({ function: top.function, path, lineBase1, columnBase0 });
  }
  return frames.filter((frame) => !HIDDEN.has(frame.function));
}

/** One frame as a line: `tmpfs_lookup (rumpus/kernel/fs/tmpfs/lookup.ts:42:3)`. */
export function frameText(frame: StackFrame): string {
  const { path, lineBase1, columnBase0 } = frame;
  return `${frame.function || '(anonymous)'} (${path}:${lineBase1}:${columnBase0 + 1})`;
}
