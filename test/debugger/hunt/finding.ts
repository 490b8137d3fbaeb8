/** Failing schedules for tests: seeds of the random walk, one after another, until one fails. */

import { execute, type LoadedProgram, loadProgram, type RunSpec } from '../../../debugger/index.ts';
import type { Found } from '../../../debugger/hunt/found.ts';
import { failureKey } from '../../../debugger/hunt/shrink/same.ts';
import { needsAccesses } from '../../../debugger/run/load.ts';

const SEEDS_MAX = 5000;

/** Loads the image that the spec needs. */
export function loadFor(file: string, spec: RunSpec): Promise<LoadedProgram> {
  return loadProgram(file, { access: needsAccesses(spec) });
}

/** The first failing schedule of the random walk, from `spec.seed` on. */
export function findFailing(loaded: LoadedProgram, spec: RunSpec, seeds = SEEDS_MAX): Found {
  for (let index = 0; index < seeds; index++) {
    const seed = spec.seed + index;
    const { world, outcome } = execute(loaded, { ...spec, seed }, { checkpoints: false });
    if (outcome.verdict === 'passed') continue;
    const { verdict, message, lwp, icount } = outcome;
    const signature = failureKey(outcome, world.reports);
    const words = world.directives.copy();
    return {
      ...{ index, seed, verdict, message, lwp, icount, signature, words },
      reports: world.reports,
    };
  }
  throw new Error(`${loaded.name}: nothing fails in ${seeds} schedules`);
}
