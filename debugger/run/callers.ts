/**
 * Who allocated, and who freed: the statement that called kmem(9) or pool(9).
 *
 * The kernel notes only the icount of each allocation, which costs nothing. When one of them turns
 * out to be of interest, the run is repeated up to there, and the stack says who called.
 */

import { curworld, hooks, type Observer, siteTable } from '../../kernel/index.ts';
import { currentStack, type StackFrame } from '../../tracer/index.ts';
import { placeText, portableStack } from './places.ts';

const ALLOCATOR = /^rumpus\/kernel\/kern\/subr_(kmem|pool|poison)\.ts$/;
/** Functions of the allocator that may sleep: with one of them the caller waits at a `yield*`. */
const MAY_SLEEP = new Set(['later', 'pool_get_limited']);

/** Frames of the host's stack that tell callers apart: more than the allocator and the world have. */
const NEAR_FRAMES = 20;

/**
 * The callers at these icounts, as `file:line`. `repeat` runs the same run again, watched for icount
 * `from`, until `to`.
 */
export function callersAt(
  icounts: readonly number[],
  repeat: (from: number, to: number, observer: Observer) => void,
): ReadonlyMap<number, string> {
  const callers = new Map<number, string>();
  const known = new Map<string, string | undefined>();
  const wanted = [...new Set(icounts)].sort((a, b) => a - b);
  let next = 0;
  const reached = (at: number): void => {
    const caller = at === wanted[next] ? callerNow(known) : undefined;
    if (caller !== undefined) callers.set(at, caller);
    next++;
    if (next < wanted.length) curworld().watchStop = wanted[next];
  };
  if (wanted.length > 0) repeat(wanted[0], wanted[wanted.length - 1], { reached });
  return callers;
}

/** Who called the part of the allocator that runs; `known` are the answers by the host's stack. */
function callerNow(known: Map<string, string | undefined>): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = NEAR_FRAMES;
  const key = `${hooks.sites[hooks.fp - 1]} ${new Error().stack}`;
  Error.stackTraceLimit = limit;
  if (!known.has(key)) known.set(key, callerOf(portableStack(currentStack())));
  return known.get(key);
}

function callerOf(stack: readonly StackFrame[]): string | undefined {
  const own = stack.slice(stack.findIndex(inAllocator));
  const caller = own.findIndex((frame) => !inAllocator(frame));
  if (caller < 0) return undefined;
  const slept = own.slice(0, caller).some((frame) => MAY_SLEEP.has(frame.function));
  const site = slept ? siteTable.position(hooks.sites[hooks.fp - 1]) : undefined;
  return placeText(site ?? own[caller]);
}

function inAllocator({ path }: StackFrame): boolean {
  return ALLOCATOR.test(path);
}
