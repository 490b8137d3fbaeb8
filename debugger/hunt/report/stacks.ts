/**
 * Stacks of the operations that matter, taken in a run of their own, and cut to what people want to
 * see: what primitives do inside, how calls are dispatched, and how threads begin is left out.
 */

import { current, type Lwp, siteTable, SysError } from '../../../kernel/index.ts';
import { kernelStack, parseStack, sleepingStack, type StackFrame } from '../../../tracer/index.ts';
import { portableStack } from '../../run/places.ts';
import type { Operation } from './record.ts';

/** Modules whose functions only do what their callers ask for. */
const PLUMBING_PATHS =
  /^rumpus\/kernel\/(world|trace|hooks|accesses|sys\.ts|program\.ts|kern\/(atomic|kern_mutex|kern_rwlock|kern_condvar|kern_sleepq|subr_lockdebug|subr_prf|subr_poison|subr_pool|subr_kmem|syscall|kern_lwp|sys_lwp)\.|pthread\/|vfs\/(vnode_if|genfs)|kernel\/sys)/;
/** Functions of other modules that do. */
const PLUMBING = new Set([
  'syscall',
  'syscall_wait',
  'invoke',
  'lwp_trampoline',
  'vn_lock',
  'vn_lock_now',
  'vn_lock_wait',
  'fd_dispatch',
  'panic',
  'KASSERT',
  'fail',
]);
/** Of Node or the test runner, below what runs in the world. */
const HOST = /(^|\/)node_modules\/|^node:|^rumpus\/(debugger|tui|tracer|corefiles)\//;

/** Whether a frame is left out. */
export function isPlumbing({ function: name, path }: StackFrame): boolean {
  return PLUMBING.has(name) || PLUMBING_PATHS.test(path) || HOST.test(path);
}

/** The stack at an operation that is happening, innermost first; `error` is what ended the run. */
export function stackNow(operation: Operation, l: Lwp, error: unknown): StackFrame[] {
  if (operation.kind === 'exit') return [];
  if (operation.kind === 'fail' && error !== undefined) return thrownFrames(error);
  const frames = l === current.lwp ? portableStack(kernelStack()) : sleepingStack(l);
  return atSite(
    operation,
    frames.filter((frame) => !isPlumbing(frame)),
    frames,
  );
}

/** Where an exception was made; a failed system call's is the place of its errno. */
function thrownFrames(error: unknown): StackFrame[] {
  if (error instanceof SysError && error.origin !== undefined) {
    const sites = [error.origin.site, ...error.origin.callSites];
    return sites.flatMap((site) => frameOfSite(site) ?? []).filter((frame) => !isPlumbing(frame));
  }
  if (!(error instanceof Error)) return [];
  return portableStack(parseStack(error.stack ?? '')).filter((frame) => !isPlumbing(frame));
}

/** An access knows its place better than the call that tells of it. */
function atSite({ site }: Operation, frames: StackFrame[], all: StackFrame[]): StackFrame[] {
  if (site >= 0) return frames.length > 0 ? frames : all.slice(0, 1);
  const position = siteTable.position(site);
  if (position === undefined) return frames;
  const { path, lineBase1, columnBase0 } = position;
  const own = { function: position.function, path, lineBase1, columnBase0 };
  if (isPlumbing(own)) return frames.length > 0 ? frames : [own];
  const rest = frames[0]?.function === own.function ? frames.slice(1) : frames;
  return [own, ...rest];
}

/** The place of a site alone, where there was no stack. */
export function frameOfSite(site: number): StackFrame | undefined {
  const position = siteTable.position(site);
  if (position === undefined) return undefined;
  const { path, lineBase1, columnBase0 } = position;
  return { function: position.function, path, lineBase1, columnBase0 };
}
