/** Frames of the host's stack as places in the source that people read. */

import { isAbsolute } from 'node:path';
import { Packages, type StackFrame } from '../../tracer/index.ts';

/** A stack under portable paths: vitest gives positions in the sources, under absolute ones. */
export function portableStack(stack: readonly StackFrame[]): StackFrame[] {
  const packages = new Packages();
  return stack.map((frame) =>
    isAbsolute(frame.path) ? { ...frame, path: packages.portable(frame.path) } : frame,
  );
}

/** A frame as `file:line`. */
export function placeText({ path, lineBase1 }: StackFrame): string {
  return `${path}:${lineBase1}`;
}

/** Whether a frame is of the kernel's own code. */
export function ofKernel({ path }: StackFrame): boolean {
  return path.startsWith('rumpus/kernel/');
}
