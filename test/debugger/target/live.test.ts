/** The contract of targets, over a live run that was run to its failure. */

import { holdsContract } from './contract.ts';
import { atEnd, openLive } from './processes.ts';

holdsContract({
  kind: 'live',
  open: async (program) => atEnd(await openLive(program)),
  skips: {},
});
