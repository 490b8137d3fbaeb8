/**
 * Data breakpoints: how much slower a run is whose image tells of accesses. The same stretch is run
 * to its end in two processes, one that watches and one that does not, in turns.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_SPEC } from '../../debugger/index.ts';
import { openTarget, type Target } from '../../debugger/target/index.ts';
import type { Figure, Images } from '../figure.ts';
import { refreshDist } from './startup.ts';

const RUNS = 12;

/** What is run, and what is watched meanwhile. */
interface Watched {
  readonly program: string;
  readonly args: readonly string[];
  /** A path in the program's main function; none of its accesses stops the run. */
  readonly expression: string;
}

const fileOf = (images: Images, { program }: Watched) =>
  resolve(images.root, 'bench/programs', program);

async function opened(images: Images, watched: Watched): Promise<Target> {
  const target = await openTarget({
    kind: 'live',
    program: fileOf(images, watched),
    spec: { ...DEFAULT_SPEC, args: [...watched.args] },
  });
  await target.move({ kind: 'start' });
  return target;
}

async function watch(target: Target, file: string, expression: string): Promise<void> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const lineBase1 = lines.findIndex((line) => line.includes('i < rounds')) + 1;
  await target.setBreakpoints([{ id: 1, at: { kind: 'source', path: file, lineBase1 } }]);
  const { lwp } = await target.move({ kind: 'continue' });
  const [frame] = await target.stack(lwp);
  const { dataId, description } = await target.dataInfo(expression, undefined, frame.id);
  if (dataId === null) throw new Error(description);
  const set = await target.setBreakpoints([
    { id: 2, at: { kind: 'data', dataId, access: 'change' } },
  ]);
  if (!set[0].verified) throw new Error(set[0].message);
}

/** Host time of a run from its beginning to its end, ms. */
async function toEnd(target: Target): Promise<number> {
  await target.move({ kind: 'start' });
  const start = performance.now();
  for (;;) {
    const { reason } = await target.move({ kind: 'continue' });
    if (reason === 'end' || reason === 'verdict') return performance.now() - start;
  }
}

async function slowdown(images: Images, watched: Watched) {
  refreshDist(images.root);
  const plain = await opened(images, watched);
  const told = await opened(images, watched);
  try {
    await watch(told, fileOf(images, watched), watched.expression);
    const [without, withIt]: [number[], number[]] = [[], []];
    for (let i = 0; i < RUNS; i++) {
      without.push(await toEnd(plain));
      withIt.push(await toEnd(told));
    }
    const best = Math.min(...withIt) / Math.min(...without);
    const against = `${Math.min(...without).toFixed(1)} ms`;
    return { windows: withIt.map((ms, i) => ms / without[i]), best, ratio: best, against };
  } finally {
    await plain.close();
    await told.close();
  }
}

function figure(name: string, atMost: number, watched: Watched): Figure {
  return {
    name: `data breakpoint: ${name}`,
    unit: '×',
    target: { atMost },
    measure: (images) => slowdown(images, watched),
  };
}

export const watchingFigures: readonly Figure[] = [
  figure('a field touched once in 1,000 statements', 1.3, {
    program: 'watching.ts',
    args: ['20000', '0'],
    expression: 'gauge.level',
  }),
  figure('a map entry, while maps and arrays are worked on', 5, {
    program: 'watching.ts',
    args: ['20000', '1'],
    expression: 'gauge.marks[0]',
  }),
  figure('an array element, while maps and arrays are worked on', 5, {
    program: 'watching.ts',
    args: ['20000', '1'],
    expression: 'gauge.past[0]',
  }),
];
