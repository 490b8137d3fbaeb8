/** _lwp_park(2) for those who look again in any case. */

import { type Sys, SysError } from 'rumpus';

/** Parks; an unpark that came before (EALREADY) ends it at once. */
export function* park(sys: Sys): Generator<void, void, void> {
  try {
    yield* sys._lwp_park();
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'EALREADY') throw error;
  }
}
