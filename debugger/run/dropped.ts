/**
 * Where a yield* was forgotten.
 *
 * That a MaySleep was dropped shows when the next one is made. Where it was made is known by its
 * icount: the run is repeated up to there, and the stacks of both moments are compared. They are the
 * same from the outermost function down to the one that dropped it, which has moved on since; what
 * it had called by then are dispatchers that hand the generator out (`sys.mkdir()`, mutex_enter()).
 */

import { type Observer, siteTable } from '../../kernel/index.ts';
import { currentStack, type StackFrame } from '../../tracer/index.ts';

/** Functions of this file and of the hooks above it. */
const OURS = ['placeOfDropped', 'locate', 'reached'];

/**
 * The call whose MaySleep was made at `icount` and dropped, as `file:line:column`. `repeat` runs the
 * same run again up to there.
 */
export function placeOfDropped(
  icount: number,
  repeat: (observer: Observer) => void,
): string | undefined {
  const dropped = currentStack(OURS);
  let frame: StackFrame | undefined;
  const reached = (at: number, site: number): void => {
    if (at !== icount) return;
    const made = currentStack(OURS);
    // The host has the innermost frame at the count before the statement.
    made[0] = siteTable.position(site) ?? made[0];
    frame = forgetful(made, dropped);
  };
  repeat({ reached });
  return frame && `${frame.path}:${frame.lineBase1}:${frame.columnBase0 + 1}`;
}

/**
 * The frame, of the stack `made`, that dropped what was made. A kernel function is not to blame for
 * what users' code inside it did: that has returned, and is on the first stack only.
 */
function forgetful(made: readonly StackFrame[], dropped: readonly StackFrame[]): StackFrame {
  let index = made.length - 1;
  let other = dropped.length - 1;
  while (index > 0 && other >= 0 && samePlace(made[index], dropped[other])) {
    index--;
    other--;
  }
  if (!ofKernel(made[index])) return made[index];
  const users = made.slice(0, index).findLast((frame) => !ofKernel(frame));
  if (users !== undefined) return users;
  return movedOn(made[index], dropped[other])
    ? made[index]
    : (made.find((frame) => !ofKernel(frame)) ?? made[index]);
}

/** A kernel function at the same line was called again, by a loop around it. */
function movedOn(then: StackFrame, now: StackFrame | undefined): boolean {
  return now !== undefined && now.function === then.function && now.lineBase1 !== then.lineBase1;
}

function samePlace(a: StackFrame, b: StackFrame): boolean {
  return a.path === b.path && a.lineBase1 === b.lineBase1 && a.columnBase0 === b.columnBase0;
}

function ofKernel({ path }: StackFrame): boolean {
  return path.startsWith('rumpus/kernel/');
}
