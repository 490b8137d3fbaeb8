/** Accesses: compiling for watching fields and elements. Loads nothing of the kernel. */

export { patchedText } from './cached.ts';
export type { Watchable } from './context.ts';
export { type Edited, type Shifts, shiftedColumn, unshiftedColumn } from './edits.ts';
export { type Generated, patchAccesses } from './patch.ts';
export {
  installedTaps,
  installTaps,
  type Listener,
  NAME_SHIFT,
  NEVER_SEEN,
  READ,
  TAPS,
  Taps,
  UNCOUNTED,
  UNKNOWN,
  WHOLE,
  WRITE,
} from './taps.ts';
