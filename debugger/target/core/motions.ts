/** Motions that a core refuses, because they lead past the end of its run. */

import type { Motion } from '../target.ts';

/** Why a motion would lead past the end at `lastIcount`, as a sentence; '' when it does not. */
export function forwardRefusal(motion: Motion, lastIcount: number): string {
  if (motion.kind === 'goto') {
    if (motion.icount <= lastIcount) return '';
    return `the recording in this core ends at icount ${lastIcount}`;
  }
  return isForward(motion) ? 'a core is the end of its run: from here it only goes back' : '';
}

function isForward(motion: Motion): boolean {
  switch (motion.kind) {
    case 'continue':
      return true;
    case 'step':
      return motion.how === 'over' || motion.how === 'in' || motion.how === 'out';
    case 'scheduling-point':
    case 'switch':
    case 'event':
    case 'write':
      return !motion.backwards;
    default:
      return false;
  }
}
