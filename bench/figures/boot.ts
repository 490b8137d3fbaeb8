/** Booting kernels: how long one takes, and how much memory many take. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Component,
  DEFAULT_BUDGET,
  DefaultStrategy,
  IsolatedHost,
  program,
  type Program,
  runWorld,
  startProgram,
  tmpfs,
  World,
} from '../../kernel/index.ts';
import type { Figure } from '../figure.ts';
import { timeCalls } from '../windows.ts';

const strategy = new DefaultStrategy();
const host = new IsolatedHost(1);

function newWorld(): World {
  const budget = DEFAULT_BUDGET;
  return new World({
    strategy,
    grain: 'sync',
    budget,
    host,
    observer: {},
    seed: 1,
    checkpoints: false,
  });
}

function emptyProgram(components: readonly Component[]): Program {
  return program({ components, lockdebug: false }, function* main() {});
}

/** Boots a kernel and runs its program to its end, which starts and halts the components. */
function bootAndHalt(p: Program): void {
  const w = newWorld();
  startProgram(w, p);
  const outcome = runWorld(w);
  if (outcome?.verdict !== 'passed') throw new Error(`${outcome?.verdict}: ${outcome?.message}`);
}

/** 10,000 boots, in seconds. */
function tenThousand(): number {
  const p = emptyProgram([tmpfs]);
  const start = performance.now();
  for (let i = 0; i < 10_000; i++) bootAndHalt(p);
  return (performance.now() - start) / 1000;
}

/** MiB that `count` kernels take which have booted and mounted their root. */
function memoryOf(count: number): number {
  const p = emptyProgram([tmpfs]);
  bootAndHalt(p);
  const before = usedBytes();
  const worlds: World[] = [];
  for (let i = 0; i < count; i++) {
    const w = newWorld();
    startProgram(w, p);
    runWorld(w);
    worlds.push(w);
  }
  const used = usedBytes() - before;
  if (worlds.length !== count) throw new Error('kernels are missing');
  return used / 2 ** 20;
}

/** The engine's own collector, which `node` hands out only when asked to. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export const boot: readonly Figure[] = [
  {
    name: 'boot bare',
    unit: 'µs',
    target: { atMost: 2 },
    measure() {
      const p = emptyProgram([]);
      return { windows: timeCalls(() => startProgram(newWorld(), p)).map((ns) => ns / 1000) };
    },
  },
  {
    name: 'boot and halt bare',
    unit: 'µs',
    measure() {
      const p = emptyProgram([]);
      return { windows: timeCalls(() => bootAndHalt(p)).map((ns) => ns / 1000) };
    },
  },
  {
    name: 'boot and mount tmpfs',
    unit: 'µs',
    target: { atMost: 100 },
    measure() {
      const p = emptyProgram([tmpfs]);
      return { windows: timeCalls(() => bootAndHalt(p)).map((ns) => ns / 1000) };
    },
  },
  {
    name: '10,000 boot, mount, halt',
    unit: 's',
    target: { atMost: 2 },
    measure: () => ({ windows: [tenThousand(), tenThousand(), tenThousand()] }),
  },
  {
    name: 'memory of 128 kernels',
    unit: 'MiB',
    target: { atMost: 64 },
    measure() {
      // What earlier figures left behind goes while the first one runs.
      memoryOf(128);
      return { windows: [memoryOf(128), memoryOf(128), memoryOf(128)] };
    },
  },
];
