/** What the recording of a hunt's schedule takes (issue 4: at most two bytes a switch). */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recordingBytes } from '../../../corefiles/index.ts';
import { openContainer } from '../../../corefiles/container/index.ts';
import { DEFAULT_SPEC, execute, recordingOf, type RunSpec } from '../../../debugger/index.ts';
import type { Grain } from '../../../kernel/index.ts';
import { loadFor } from './finding.ts';

const GALLERY = ['kern-36681', 'kern-43694'];
const SEEDS = 20;

/** Between two switches at statements there are many of them: their counts take two bytes. */
const CASES: readonly (readonly [Grain, number])[] = [
  ['sync', 2],
  ['access', 2],
  ['statement', 2.5],
];

test.each(CASES)('at the grain %s a switch takes at most %d bytes', async (grain, most) => {
  let bytes = 0;
  let switches = 0;
  for (const name of GALLERY) {
    const spec: RunSpec = { ...DEFAULT_SPEC, grain, knobs: { preempt: true } };
    const file = fileURLToPath(new URL(`../../gallery/${name}/buggy.ts`, import.meta.url));
    const loaded = await loadFor(file, spec);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = execute(loaded, { ...spec, seed }, { checkpoints: false });
      const written = openContainer(recordingBytes(recordingOf(loaded, spec, run), []));
      for (const { rawBytes } of written.find('DIRS')) bytes += rawBytes;
      switches += run.world.switches;
    }
  }
  expect(bytes / switches).toBeLessThan(most);
});
