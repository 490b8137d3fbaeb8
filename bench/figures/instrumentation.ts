/** What the instrumentation costs: the same program in the image as shipped and in a plain one. */

import { build } from 'esbuild';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { instantiate } from '../../tracer/index.ts';
import type * as Kernel from '../../kernel/index.ts';
import * as instrumented from '../../kernel/index.ts';
import { bestOf, type Figure, type Images } from '../figure.ts';
import { loadBenchProgram } from '../run.ts';
import { nowNs } from '../windows.ts';

const OPERATIONS = 2000;
const PAIRS = 40;

/** Host time, ns, of `OPERATIONS` rounds of mixed calls, boot and setting up left out. */
function time(kernel: typeof Kernel, p: Kernel.Program): number {
  const stamps: number[] = [];
  const w = new kernel.World({
    strategy: new kernel.DefaultStrategy(),
    grain: 'sync',
    budget: kernel.DEFAULT_BUDGET,
    host: new kernel.IsolatedHost(1),
    observer: { dprintf: () => void stamps.push(nowNs()) },
    seed: 1,
    checkpoints: false,
  });
  kernel.startProgram(w, p, ['1', String(OPERATIONS), 'mixed']);
  const outcome = kernel.runWorld(w);
  if (outcome?.verdict !== 'passed') throw new Error(`${outcome?.verdict}: ${outcome?.message}`);
  return stamps[1] - stamps[0];
}

function withoutLockdebug(p: Kernel.Program): Kernel.Program {
  return { ...p, options: { ...p.options, lockdebug: false } };
}

/** The bench's program as it is written, for the plain image. */
async function plainProgram(images: Images, kernel: typeof Kernel): Promise<Kernel.Program> {
  const { outputFiles } = await build({
    entryPoints: [resolve(images.root, 'bench/programs/calls.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    external: ['rumpus'],
  });
  const code = outputFiles[0].text;
  const none = { map: '', modules: [], identity: '' };
  const compiled = { entry: 'calls', code, ...none, stateful: false, access: false };
  return instantiate(compiled, () => kernel)['default'] as Kernel.Program;
}

export const instrumentation: readonly Figure[] = [
  {
    name: 'mixed calls beside the plain image',
    unit: '×',
    target: { atMost: 2 },
    async measure(images) {
      const plain = (await import(pathToFileURL(images.plain).href)) as typeof Kernel;
      const ours = withoutLockdebug((await loadBenchProgram(images, 'calls')).instance());
      const theirs = withoutLockdebug(await plainProgram(images, plain));
      const with_: number[] = [];
      const without: number[] = [];
      for (let i = 0; i < PAIRS; i++) {
        with_.push(time(instrumented, ours));
        without.push(time(plain, theirs));
      }
      const best = bestOf(with_, undefined) / bestOf(without, undefined);
      const windows = with_.map((ns, i) => ns / without[i]);
      return { windows, best, ratio: best, against: 'without instrumentation' };
    },
  },
];
