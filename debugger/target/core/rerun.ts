/**
 * Running the recording inside a core again, up to the failure at which the core was made.
 *
 * A run that ends elsewhere is not the core's: it is refused, because whatever it showed would be
 * taken for what had happened.
 */

import { type Core, printable } from '../../../corefiles/index.ts';
import { DIVERGED } from '../../agent/protocol.ts';
import { type FrameInfo, type MoveOptions, type Target, TargetError } from '../target.ts';
import type { FramePlace } from './frames.ts';

/** Brings a fresh target to the end of its run; false when it was told to stop on the way. */
export async function reachEnd(
  target: Target,
  core: Core,
  options: MoveOptions,
  isStopped: () => boolean,
): Promise<boolean> {
  let stop = target.stop ?? (await target.move({ kind: 'start' }, options));
  if (stop.outcome === null && !isStopped()) {
    stop = await target.move({ kind: 'continue' }, options);
  }
  if (isStopped()) return false;
  const { outcome } = stop;
  if (outcome === null) {
    throw new TargetError(`the re-run of the core stopped at icount ${stop.icount}`);
  }
  if (outcome.verdict !== core.verdict || outcome.icount !== core.icount) {
    if (outcome.message.startsWith(DIVERGED)) throw new TargetError(outcome.message);
    throw new TargetError(
      `the re-run ended with ${outcome.verdict} at icount ${outcome.icount}, and the core with ` +
        `${core.verdict} at ${core.icount}: it was not made from this recording and these sources`,
    );
  }
  return true;
}

/** The frame of a re-run that is a frame of the core. Errors: there is no such one. */
export async function frameIn(target: Target, place: FramePlace): Promise<FrameInfo> {
  const { lwp, index, frame } = place;
  const stack = await target.stack(lwp.id);
  const same = (one: FrameInfo | undefined) =>
    one?.path === frame.path && one.function === printable(frame.function);
  const fromOutside = stack[stack.length - (lwp.frames.length - index)];
  const found = same(fromOutside)
    ? fromOutside
    : stack.find((one) => same(one) && one.lineBase1 === frame.lineBase1);
  if (found !== undefined) return found;
  throw new TargetError(`the re-run has no frame of ${frame.function} in LWP ${lwp.id}`);
}
