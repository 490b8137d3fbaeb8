/** Complete recorded schedules of a small racing program, through the loop that hunts use. */

import { runRange } from '../../debugger/hunt/schedules.ts';
import type { Figure } from '../figure.ts';
import { benchSpec, loadBenchProgram } from '../run.ts';
import { timeBatches } from '../windows.ts';

export const hunting: readonly Figure[] = [
  {
    name: 'schedules of a lost update',
    unit: 'schedules/s',
    target: { atLeast: 200_000 },
    async measure(images) {
      const loaded = await loadBenchProgram(images, 'lost-update');
      const spec = benchSpec([], {}, 'random');
      let from = 0;
      const windows = timeBatches((count) => {
        const [bug] = runRange(loaded, spec, from, from + count).bugs;
        if (bug !== undefined) throw new Error(`${bug.found.verdict}: ${bug.found.message}`);
        from += count;
      });
      return { windows: windows.map((ns) => 1e9 / ns) };
    },
  },
];
