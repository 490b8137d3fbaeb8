/** The running LWP's stack as a tool that was called from inside of it sees it. */

import { currentStack, type StackFrame } from '../stack/index.ts';

/** Folders of tools: their functions stand on the host's stack while they look at it. */
const TOOLS = /^rumpus\/(tui|tracer|debugger)\//;
/** How a statement that reached a watched icount calls its watcher. */
const HOOK = ['hit', 'hitYield', 'askPoint'];

/** Innermost first, without the tool's own frames and without the functions named in `skip`. */
export function kernelStack(skip: readonly string[] = []): StackFrame[] {
  return currentStack([...HOOK, ...skip]).filter(({ path }) => !TOOLS.test(path));
}
