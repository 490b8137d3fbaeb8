/** Context switches of two LWPs that take turns, deep in calls, every switch recorded. */

import {
  DEFAULT_BUDGET,
  Directives,
  IsolatedHost,
  type Lwp,
  NEVER,
  runWorld,
  startProgram,
  type Strategy,
  World,
} from '../../kernel/index.ts';
import type { Program } from '../../kernel/index.ts';
import type { Figure } from '../figure.ts';
import { loadBenchProgram } from '../run.ts';
import { timeBatches } from '../windows.ts';

/** The other LWP, always: against the default schedule, so that each switch is a directive. */
class AlternatingStrategy implements Strategy {
  readonly name = 'alternating';

  begin(): void {}

  next(candidates: readonly Lwp[], count: number, current: Lwp | null): number {
    return count > 1 && candidates[0] === current ? 1 : 0;
  }

  choose(): number {
    return 0;
  }

  pointStride(): number {
    return 1;
  }

  statementStride(): number {
    return NEVER;
  }
}

const strategy = new AlternatingStrategy();
const host = new IsolatedHost(1);
const directives = new Directives();

/** Runs about `count` switches, and gives how many there were. */
function run(p: Program, depth: number, count: number): number {
  const w = new World({
    strategy,
    grain: 'sync',
    budget: DEFAULT_BUDGET,
    host,
    observer: {},
    seed: 1,
    checkpoints: false,
    directives,
  });
  startProgram(w, p, [String(depth), String(count >> 1)]);
  const outcome = runWorld(w);
  if (outcome?.verdict !== 'passed') throw new Error(`${outcome?.verdict}: ${outcome?.message}`);
  if (w.switches < count || directives.count < count - 16) throw new Error('too few switches');
  return w.switches;
}

function switchesAt(depth: number): Figure {
  return {
    name: `switches at depth ${depth}`,
    unit: 'M/s',
    target: { atLeast: 10 },
    async measure(images) {
      const p = (await loadBenchProgram(images, 'alternate')).instance();
      const windows = timeBatches((count) => void run(p, depth, Math.max(count, 1000)));
      return { windows: windows.map((ns) => 1000 / ns) };
    },
  };
}

export const switches: readonly Figure[] = [4, 8, 16].map(switchesAt);
