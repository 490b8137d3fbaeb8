/**
 * System calls on tmpfs, with lockdebug off (the figures that count) and on, and beside memfs, a
 * file system in memory without a kernel.
 */

import type { StrategyName } from '../../debugger/run/spec.ts';
import { bestOf, type Figure, type Images, type Target } from '../figure.ts';
import { loadBenchProgram, timeProgram } from '../run.ts';
import { timeCalls } from '../windows.ts';

interface Call {
  readonly name: string;
  /** Name in bench/programs/calls.ts. */
  readonly work: string;
  readonly atMostNs?: number;
  /** How many times as fast as memfs it has to be. */
  readonly atLeastMemfs?: number;
}

const CALLS: readonly Call[] = [
  { name: 'getpid', work: 'getpid', atMostNs: 100 },
  { name: 'pread 4 KiB', work: 'pread', atMostNs: 400, atLeastMemfs: 0.5 },
  { name: 'pwrite 4 KiB', work: 'pwrite', atLeastMemfs: 0.5 },
  { name: 'open+close', work: 'openClose', atMostNs: 1500, atLeastMemfs: 1 },
  { name: 'stat', work: 'stat', atMostNs: 1000, atLeastMemfs: 1 },
  { name: 'mkdir+rmdir', work: 'mkdirRmdir', atMostNs: 3000, atLeastMemfs: 2 },
];

async function measure(images: Images, call: Call, lockdebug: boolean): Promise<number[]> {
  const loaded = await loadBenchProgram(images, 'calls');
  return timeProgram(loaded, [call.work], { lockdebug });
}

/** The same operations of memfs, by the names in CALLS. */
async function memfsWork(): Promise<Readonly<Record<string, () => void>>> {
  const { Volume } = await import('memfs');
  const fs = Volume.fromJSON({});
  const page = Buffer.alloc(4096, 7);
  fs.mkdirSync('/dir');
  fs.writeFileSync('/dir/file', page);
  const fd = fs.openSync('/dir/file', 'r+');
  return {
    pread: () => fs.readSync(fd, page, 0, 4096, 0),
    pwrite: () => fs.writeSync(fd, page, 0, 4096, 0),
    openClose: () => fs.closeSync(fs.openSync('/dir/file', 'r')),
    stat: () => fs.statSync('/dir/file'),
    mkdirRmdir() {
      fs.mkdirSync('/dir/new');
      fs.rmdirSync('/dir/new');
    },
  };
}

function plain(call: Call): Figure {
  const { name, atMostNs } = call;
  const target: Target | undefined = atMostNs === undefined ? undefined : { atMost: atMostNs };
  const measureIt = async (images: Images) => ({ windows: await measure(images, call, false) });
  return { name, unit: 'ns', target, measure: measureIt };
}

function checked(call: Call): Figure {
  const name = `${call.name}, lockdebug`;
  const measureIt = async (images: Images) => ({ windows: await measure(images, call, true) });
  return { name, unit: 'ns', measure: measureIt };
}

function beside(call: Call): Figure {
  return {
    name: `${call.name} beside memfs`,
    unit: '×',
    target: { atLeast: call.atLeastMemfs ?? 1 },
    async measure(images) {
      const ours = await measure(images, call, false);
      const theirs = timeCalls((await memfsWork())[call.work]);
      const best = bestOf(theirs, undefined) / bestOf(ours, undefined);
      const windows = ours.map((ns, i) => theirs[i] / ns);
      return { windows, best, ratio: best, against: 'memfs' };
    },
  };
}

function pipe(name: string, strategy: StrategyName, target: Target | undefined): Figure {
  return {
    name,
    unit: 'µs',
    target,
    async measure(images) {
      const loaded = await loadBenchProgram(images, 'pingpong');
      return { windows: timeProgram(loaded, [], {}, strategy).map((ns) => ns / 1000) };
    },
  };
}

export const calls: readonly Figure[] = [
  ...CALLS.map(plain),
  ...CALLS.map(checked),
  ...CALLS.filter((call) => call.atLeastMemfs !== undefined).map(beside),
  pipe('pipe round trip', 'default', { atMost: 3 }),
  pipe('pipe round trip, random schedule', 'random', undefined),
];
