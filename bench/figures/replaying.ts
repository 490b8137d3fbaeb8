/** Running again, and running on more virtual CPUs: a workload of several LWPs that share. */

import { execute } from '../../debugger/run/execute.ts';
import type { StrategyName } from '../../debugger/run/spec.ts';
import type { LoadedProgram } from '../../debugger/run/load.ts';
import { ReplayStrategy } from '../../kernel/index.ts';
import { bestOf, type Figure, type Target } from '../figure.ts';
import { benchSpec, loadBenchProgram } from '../run.ts';
import { nowNs, WARM_MS, WINDOWS } from '../windows.ts';

const ROUNDS = 1500;
const LWPS = 16;
const NCPUS = [1, 2, 4, 8, 16];
const TURNS = 20;

/** Host time, ns, of a run. */
function workload(loaded: LoadedProgram, ncpu: number, strategy: StrategyName): number {
  const spec = benchSpec([String(ROUNDS), String(LWPS)], { ncpu }, strategy);
  const start = nowNs();
  const { outcome } = execute(loaded, spec);
  if (outcome.verdict !== 'passed') throw new Error(`${outcome.verdict}: ${outcome.message}`);
  return nowNs() - start;
}

/** Millions of statements a second of replays of one recorded run. */
function replays(loaded: LoadedProgram): number[] {
  const spec = benchSpec([String(ROUNDS), String(LWPS)], {}, 'random');
  const recorded = execute(loaded, spec);
  const directives = recorded.world.directives.copy();
  const values: number[] = [];
  let warmedNs = 0;
  while (values.length < WINDOWS) {
    const strategy = new ReplayStrategy(directives);
    const start = nowNs();
    const { outcome } = execute(loaded, spec, { strategy });
    const ns = nowNs() - start;
    if (strategy.mismatch !== null || outcome.icount !== recorded.outcome.icount) {
      throw new Error('the replay left its recording');
    }
    warmedNs += ns;
    if (warmedNs > WARM_MS * 1e6) values.push((outcome.icount / ns) * 1000);
  }
  return values;
}

/** The cost of the same work on more and more virtual CPUs. */
function cpus(name: string, strategy: StrategyName, target: Target | undefined): Figure {
  return {
    name,
    unit: '×',
    target,
    async measure(images) {
      const loaded = await loadBenchProgram(images, 'workers');
      const times: number[][] = NCPUS.map(() => []);
      for (let turn = 0; turn < TURNS; turn++) {
        NCPUS.forEach((ncpu, i) => void times[i].push(workload(loaded, ncpu, strategy)));
      }
      const [one] = times;
      const sixteen = times[times.length - 1];
      const bests = times.map((list) => bestOf(list, undefined));
      const curve = bests.map((ns) => (ns / bests[0]).toFixed(2)).join(' ');
      const best = bests[bests.length - 1] / bests[0];
      const windows = sixteen.map((ns, i) => ns / one[i]);
      return { windows, best, ratio: best, against: `1 CPU (1, 2, 4, 8, 16: ${curve})` };
    },
  };
}

export const replaying: readonly Figure[] = [
  {
    name: 'replay of a mixed workload',
    unit: 'M statements/s',
    target: { atLeast: 20 },
    async measure(images) {
      return { windows: replays(await loadBenchProgram(images, 'workers')) };
    },
  },
  cpus('mixed workload on 16 CPUs beside 1', 'default', { atMost: 1.3 }),
  // On one CPU a random walk has nothing to choose, so this is what all its choices cost.
  cpus('the same on random schedules', 'random', undefined),
];
