/** What it costs to watch: an enabled trace event, and a print. */

import {
  EV_VNODE,
  Ring,
  rumpuser_dprintf,
  trace,
  tracing as isTracing,
} from '../../kernel/index.ts';
import type { Observer, World } from '../../kernel/index.ts';
import { execute } from '../../debugger/run/execute.ts';
import { finalDigest } from '../../debugger/run/record.ts';
import type { Figure } from '../figure.ts';
import { benchSpec, loadBenchProgram } from '../run.ts';
import { timeBatches } from '../windows.ts';
import { insideWorld } from '../inside.ts';

function events(count: number): void {
  for (let i = 0; i < count; i++) if (isTracing()) trace(EV_VNODE, i, 2, 3, 4);
}

function noEvents(count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) kept = (kept + i) | 0;
  return kept;
}

function prints(count: number): void {
  for (let i = 0; i < count; i++) rumpuser_dprintf('refcnt %d of fd %d\n', i, 3);
}

/** Runs the two programs, equal but for a dprintf, with many seeds: must differ in nothing. */
async function printChangesNothing(root: string): Promise<number> {
  const images = { root, bench: '', plain: '' };
  const quiet = await loadBenchProgram(images, 'quiet');
  const printing = await loadBenchProgram(images, 'printing');
  let differing = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const spec = { ...benchSpec([], {}, 'random'), seed };
    const a = execute(quiet, spec);
    let lines = 0;
    const observer: Observer = { dprintf: () => void lines++ };
    const b = execute(printing, spec, { observer });
    if (lines === 0) throw new Error('nothing was printed');
    if (schedule(a.world) !== schedule(b.world)) differing++;
  }
  return differing;
}

function schedule(w: World): string {
  const { icount, points } = w;
  return `${finalDigest(w)} ${icount} ${points} ${w.directives.copy().join()}`;
}

export const tracing: readonly Figure[] = [
  {
    name: 'trace event',
    unit: 'ns',
    target: { atMost: 15 },
    measure() {
      return insideWorld((w) => {
        w.ring = new Ring(1 << 16);
        return { windows: timeBatches(events) };
      });
    },
  },
  {
    name: 'trace event, disabled',
    unit: 'ns',
    measure() {
      return insideWorld(() => {
        const loop = Math.min(...timeBatches((count) => void noEvents(count)));
        return { windows: timeBatches(events).map((ns) => Math.max(0, ns - loop)) };
      });
    },
  },
  {
    name: 'rumpuser_dprintf',
    unit: 'ns',
    target: { atMost: 200 },
    measure() {
      return insideWorld((w) => {
        w.ring = new Ring(1 << 16);
        return { windows: timeBatches(prints) };
      });
    },
  },
  {
    name: 'schedules that a dprintf changes',
    unit: 'of 200',
    target: { atMost: 0 },
    measure: async (images) => ({ windows: [await printChangesNothing(images.root)] }),
  },
];
