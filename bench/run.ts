/** Running the bench's programs, which are compiled as any user's are. */

import { resolve } from 'node:path';
import { execute } from '../debugger/run/execute.ts';
import { type LoadedProgram, loadProgram } from '../debugger/run/load.ts';
import { DEFAULT_SPEC, type RunSpec, type StrategyName } from '../debugger/run/spec.ts';
import type { KernelConfig } from '../kernel/index.ts';
import type { Images } from './figure.ts';
import { nowNs, WARM_MS, WINDOW_MS, WINDOWS } from './windows.ts';

/** Compiles bench/programs/NAME.ts, or takes it from the cache. */
export function loadBenchProgram(images: Images, name: string): Promise<LoadedProgram> {
  return loadProgram(resolve(images.root, 'bench/programs', `${name}.ts`));
}

/**
 * A run of a bench program: lockdebug is off unless the knobs say otherwise, and the schedule is
 * the one that nobody disturbs. What a strategy costs that does disturb it is shown separately.
 */
export function benchSpec(
  args: readonly string[],
  knobs: Partial<KernelConfig> = {},
  strategy: StrategyName = 'default',
): RunSpec {
  return { ...DEFAULT_SPEC, args, strategy, knobs: { lockdebug: false, ...knobs } };
}

/**
 * ns an operation, a value a window, of a program that is called with
 * `windows operations…`, and says `rumpuser_dprintf('lap')` before each window and after the last.
 */
export function timeProgram(
  loaded: LoadedProgram,
  args: readonly string[],
  knobs: Partial<KernelConfig> = {},
  strategy: StrategyName = 'default',
): number[] {
  const laps = (windows: number, operations: number): number[] => {
    const spec = benchSpec([String(windows), String(operations), ...args], knobs, strategy);
    return lapsOf(loaded, spec);
  };
  let operations = 64;
  for (let warmedNs = 0; warmedNs < WARM_MS * 1e6; ) {
    const [ns] = laps(1, operations);
    warmedNs += ns;
    const fitting = (operations * WINDOW_MS * 1e6) / ns;
    operations = Math.ceil(Math.min(Math.max(operations, fitting), operations * 4));
  }
  return laps(WINDOWS, operations).map((ns) => ns / operations);
}

/** Host time, ns, of each window of one run. */
function lapsOf(loaded: LoadedProgram, spec: RunSpec): number[] {
  const stamps: number[] = [];
  const observer = { dprintf: () => void stamps.push(nowNs()) };
  const { outcome } = execute(loaded, spec, { observer, checkpoints: false });
  if (outcome.verdict !== 'passed') throw new Error(`${outcome.verdict}: ${outcome.message}`);
  return stamps.slice(1).map((stamp, i) => stamp - stamps[i]);
}
