/** A hunt's result as the counts that its statistics are made of. */

import type { HuntCounts, HuntResult, RunSpec } from '../../debugger/index.ts';

export function countsOf(result: HuntResult, spec: RunSpec): HuntCounts {
  const { schedules, bugs, statements, elapsedMs, workers, classes, injected } = result;
  const faults = injected > 0 ? { injected } : undefined;
  return {
    ...{ schedules, statements, elapsedMs, workers, faults },
    failures: bugs.reduce((sum, bug) => sum + bug.times, 0),
    bugs: bugs.length,
    classes: spec.grain === 'statement' ? undefined : classes,
  };
}
