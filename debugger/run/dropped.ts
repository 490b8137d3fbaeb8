/**
 * Where a yield* was forgotten.
 *
 * That a MaySleep was dropped shows when the next one is made, which may be much later. Where it was
 * made is known by its icount: the run is repeated up to there, and the stack of that moment has all
 * who had it in hand. Dispatchers return what they are given (`sys.mkdir()`, an arrow); the first
 * that does something else with it should have run it.
 */

import { type DroppedCall, hooks, type Observer, siteTable, WATCHED } from '../../kernel/index.ts';
import { callAt, currentStack, type StackFrame } from '../../tracer/index.ts';
import { ofKernel, placeText, portableStack } from './places.ts';

/** Functions of this file, and of the world above it. */
const OURS = ['made', 'reached'];

/** The text of a module by its portable path; '' where it is not known. */
export type SourceText = (path: string) => string;

/** A frame, and the call in it as the source has it. */
interface Forgetful {
  readonly frame: StackFrame;
  readonly call: string;
}

/**
 * The call whose MaySleep was made at `icount` and dropped, and where it is, as `file:line:column`.
 * `repeat` runs the same run again up to there.
 */
export function placeOfDropped(
  icount: number,
  repeat: (observer: Observer) => void,
  text: SourceText,
): DroppedCall | undefined {
  let stack: StackFrame[] = [];
  const made = (): void => {
    // Without the function that was called: it is on the stack while it evaluates its parameters.
    stack = portableStack(currentStack(OURS)).slice(1);
  };
  const reached = (at: number, site: number): void => {
    if (at !== icount) return;
    stack = portableStack(currentStack(OURS));
    // The host has the innermost frame at the count before the statement.
    stack[0] = siteTable.position(site) ?? stack[0];
    // What is still there from before is run or dropped first, so the next one is not ours.
    if (hooks.pending === 0) hooks.pending = WATCHED;
  };
  repeat({ reached, made });
  if (stack.length === 0) return undefined;
  const { frame, call } = forgetful(stack, text);
  return { call, place: `${placeText(frame)}:${frame.columnBase0 + 1}` };
}

/**
 * The frame, of the stack at the making, that should have run what was made. The kernel is not to
 * blame for what users' code did around it; where they did all right, the innermost function is.
 */
function forgetful(stack: readonly StackFrame[], text: SourceText): Forgetful {
  let returned: Forgetful | undefined;
  for (const frame of stack) {
    if (ofKernel(frame)) continue;
    const { path, lineBase1, columnBase0 } = frame;
    const found = callAt(text(path), path, lineBase1, columnBase0);
    if (found?.fate === 'run') break;
    const one = { frame, call: found?.text ?? '' };
    if (found?.fate !== 'returned') return one;
    returned = one;
  }
  return returned ?? { frame: stack[0], call: '' };
}
