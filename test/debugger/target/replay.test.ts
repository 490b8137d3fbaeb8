/** The contract of targets, over a recording that is run again to its end. */

import { basename } from 'node:path';
import { afterAll } from 'vitest';
import { holdsContract } from './contract.ts';
import { atEnd, openReplay } from './processes.ts';
import { temporaryFolder, writeCoreOf } from './programs.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

holdsContract({
  kind: 'replay',
  open: async (program) => {
    const recording = folder.file(`${basename(program)}.core`);
    await writeCoreOf(program, recording);
    return atEnd(await openReplay(recording, program));
  },
  skips: {},
});
