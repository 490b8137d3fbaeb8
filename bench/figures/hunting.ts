/**
 * Hunts as they are by default: strategy `auto`, every access a point, the race detector, classes
 * counted, every schedule recorded; in one thread, through the loop that hunts use. Schedules are
 * counted by CPU time, with that of the engine's helpers: the target is one per core.
 */

import { resolve } from 'node:path';
import { recordingBytes } from '../../corefiles/index.ts';
import {
  execute,
  hunt,
  type LoadedProgram,
  loadProgram,
  recordingOf,
  type RunSpec,
  runRange,
  type Shrunk,
  shrink,
} from '../../debugger/index.ts';
import { Lane } from '../../debugger/hunt/lane.ts';
import { DEFAULT_SPEC } from '../../debugger/run/spec.ts';
import type { Figure, Images, Measured } from '../figure.ts';
import { benchSpec, loadBenchProgram } from '../run.ts';
import { calibrate, cpuNs, timeBatches } from '../windows.ts';

/** What `rumpus hunt` does unless told otherwise. */
const HUNT: RunSpec = {
  ...DEFAULT_SPEC,
  strategy: 'auto',
  grain: 'access',
  detectors: ['race'],
  knobs: { preempt: true },
};
/** The same with `--ncpu 2`. */
const HUNT_NCPU: RunSpec = { ...HUNT, knobs: { ncpu: 2, preempt: false } };
/** What it is compared with that looks at no access. */
const SYNC: RunSpec = { ...HUNT, grain: 'sync', detectors: [] };

const KERN_36681 = 'test/gallery/kern-36681/fixed.ts';

/** Schedules of a hunt on one thread and on two, and how often: each thread has to warm up. */
const SHARED_SCHEDULES = 40_000;
const SHARED_TURNS = 2;
/** Pairs of windows in which two grains are compared. */
const PAIRS = 20;
const PAIR_SCHEDULES = 40;
/** Windows of schedules a second, and how many usual ones each is long: CPU time is coarse. */
const SPEED_WINDOWS = 30;
const WINDOW_FACTOR = 6;
const WARM_CPU_NS = 3e9;
/** Schedules until a bug that is to be shrunk has been found, at most. */
const FIND_MAX = 5000;
/** Rounds and LWPs of the run whose recording is weighed. */
const RECORDED = ['1500', '16'];

function load({ root }: Images, file: string): Promise<LoadedProgram> {
  return loadProgram(resolve(root, file), { access: true });
}

function perSecond(loaded: LoadedProgram, spec: RunSpec): Measured {
  const lane = new Lane(loaded, spec);
  const startNs = cpuNs();
  let from = 0;
  const batch = (count: number) => {
    runRange(loaded, spec, from, from + count, { lane, seek: 'all' });
    from += count;
  };
  // A kernel's hunt is a lot of code: the engine takes its time over it.
  while (cpuNs() - startNs < WARM_CPU_NS) calibrate(batch);
  const windows = timeBatches(batch, WINDOW_FACTOR * calibrate(batch), SPEED_WINDOWS, cpuNs);
  return { windows: windows.map((ns) => 1e9 / ns) };
}

/** How much longer a schedule with `spec` takes than one of SYNC: they take turns. */
async function slowdown(images: Images, spec: RunSpec): Promise<Measured> {
  const file = 'bench/programs/accesses.ts';
  const looked = await load(images, file);
  const plain = await loadProgram(resolve(images.root, file));
  const run = (loaded: LoadedProgram, of: RunSpec) => {
    const lane = new Lane(loaded, of);
    let from = 0;
    return () => {
      const start = cpuNs();
      const { bugs } = runRange(loaded, of, from, from + PAIR_SCHEDULES, { lane });
      if (bugs.length > 0) throw new Error(bugs[0].found.message);
      from += PAIR_SCHEDULES;
      return cpuNs() - start;
    };
  };
  const access = run(looked, spec);
  const sync = run(plain, SYNC);
  for (let i = 0; i < PAIRS; i++) [access(), sync()];
  const pairs = Array.from({ length: PAIRS }, () => [access(), sync()]);
  const least = (at: number) => Math.min(...pairs.map((pair) => pair[at]));
  return { windows: pairs.map(([a, b]) => a / b), best: least(0) / least(1) };
}

/** How much sooner two threads have run the same schedules as one. */
async function speedup(images: Images): Promise<Measured> {
  const loaded = await load(images, KERN_36681);
  const timed = async (workers: number) => {
    const options = { schedules: SHARED_SCHEDULES, workers, seek: 'all' as const };
    const { schedules, elapsedMs, workers: used } = await hunt(loaded, HUNT_NCPU, options);
    if (schedules !== SHARED_SCHEDULES || used !== workers) {
      throw new Error(`${schedules} schedules were run by ${used} workers`);
    }
    return elapsedMs;
  };
  const windows: number[] = [];
  for (let i = 0; i < SHARED_TURNS; i++) windows.push((await timed(1)) / (await timed(2)));
  return { windows };
}

/** What becomes of the gallery's two races, for all figures about it. */
let shrunk: Promise<readonly Shrunk[]> | undefined;

function shrinkGallery(images: Images): Promise<readonly Shrunk[]> {
  shrunk ??= Promise.all(
    ['kern-43694', 'kern-36681'].map(async (name) => {
      const loaded = await load(images, `test/gallery/${name}/buggy.ts`);
      const [bug] = runRange(loaded, HUNT_NCPU, 0, FIND_MAX).bugs;
      if (bug === undefined) throw new Error(`${name} was not found in ${FIND_MAX} schedules`);
      return await shrink(loaded, HUNT_NCPU, bug.found);
    }),
  );
  return shrunk;
}

async function ofShrinking(images: Images, value: (one: Shrunk) => number): Promise<Measured> {
  const values = (await shrinkGallery(images)).map(value);
  return { windows: values, best: Math.max(...values) };
}

/** Bytes of a recording without its sources, by the switches of its run. */
async function bytesPerSwitch(images: Images): Promise<Measured> {
  const loaded = await loadBenchProgram(images, 'workers');
  const spec = benchSpec(RECORDED, {}, 'random');
  const run = execute(loaded, spec);
  const { length } = recordingBytes(recordingOf(loaded, spec, run), []);
  return { windows: [length / run.world.switches] };
}

export const hunting: readonly Figure[] = [
  {
    name: 'hunt: schedules of a lost update',
    unit: 'schedules/s',
    target: { atLeast: 300_000 },
    measure: async (images) =>
      perSecond(await load(images, 'bench/programs/lost-update-plain.ts'), HUNT),
  },
  {
    name: 'hunt: the same, random and without accesses',
    unit: 'schedules/s',
    target: { atLeast: 200_000 },
    measure: async (images) =>
      perSecond(await loadBenchProgram(images, 'lost-update'), benchSpec([], {}, 'random')),
  },
  {
    name: 'hunt: schedules of three philosophers',
    unit: 'schedules/s',
    target: { atLeast: 100_000 },
    measure: async (images) =>
      perSecond(await load(images, 'bench/programs/philosophers.ts'), HUNT),
  },
  {
    name: 'hunt: schedules of kern/36681 on tmpfs',
    unit: 'schedules/s',
    target: { atLeast: 4000 },
    measure: async (images) => perSecond(await load(images, KERN_36681), HUNT_NCPU),
  },
  {
    name: 'hunt: accesses and races, over sync',
    unit: '×',
    target: { atMost: 15 },
    measure: (images) => slowdown(images, HUNT),
  },
  {
    name: 'hunt: races alone, over sync',
    unit: '×',
    target: { atMost: 15 },
    measure: (images) => slowdown(images, { ...HUNT, grain: 'sync' }),
  },
  {
    name: 'hunt: two workers, over one',
    unit: '×',
    target: { atLeast: 1.8 },
    measure: speedup,
  },
  {
    name: 'hunt: replays to shrink',
    unit: 'replays',
    target: { atMost: 100 },
    measure: (images) => ofShrinking(images, ({ replays }) => replays),
  },
  {
    name: 'hunt: preemptions left by shrinking',
    unit: 'preemptions',
    target: { atMost: 5 },
    measure: (images) => ofShrinking(images, ({ after }) => after.preemptions),
  },
  {
    name: 'hunt: log per switch',
    unit: 'bytes',
    target: { atMost: 2 },
    measure: bytesPerSwitch,
  },
];
