/**
 * Shrinking over programs of the literature (issue 4: at most 100 replays, at most 5 preemptions
 * left). Spins, waits, deadlocks of many, faults of life cycles: one of each kind.
 */

import { expect, test } from 'vitest';
import { DEFAULT_SPEC, execute, type RunSpec } from '../../../debugger/index.ts';
import { FollowStrategy, shrink, specOfSchedule } from '../../../debugger/hunt/shrink/index.ts';
import { benchmarks } from '../../hunt/programs/index.ts';
import { findFailing, loadFor } from './finding.ts';

const spec: RunSpec = {
  ...DEFAULT_SPEC,
  ...{ grain: 'access', budget: 200_000, knobs: { preempt: true } },
};

/** Name, and the most preemptions that may be left. */
const PROGRAMS: readonly (readonly [string, number])[] = [
  ['account', 0],
  ['bluetooth_driver', 1],
  ['bounded_buffer_if', 1],
  ['dekker', 2],
  ['fsbench', 1],
  ['lost_wakeup', 1],
  ['mailbox_poll', 1],
  ['peterson', 4],
  ['philosophers_5', 4],
  ['pipe_request_reply', 0],
  ['refcount_resurrect', 2],
  ['two_kernels_deadlock', 1],
  ['work_stealing_queue', 1],
];

test.each(PROGRAMS)('%s is left with %d preemptions at most', async (name, preemptions) => {
  const file = benchmarks.find((one) => one.name === name)?.buggy ?? '';
  const loaded = await loadFor(file, spec);
  const found = findFailing(loaded, spec);
  const shrunk = await shrink(loaded, spec, found);
  expect(shrunk.trouble).toBe('');
  expect(shrunk.replays).toBeLessThanOrEqual(100);
  expect(shrunk.after.preemptions + shrunk.after.choices).toBeLessThanOrEqual(preemptions);

  const { outcome } = execute(loaded, specOfSchedule(shrunk.schedule));
  expect(outcome).toMatchObject({ verdict: found.verdict, icount: shrunk.found.icount });
  const passing = new FollowStrategy(shrunk.swap?.words ?? new Int32Array(0));
  expect(execute(loaded, shrunk.spec, { strategy: passing }).outcome.verdict).toBe('passed');
  expect(passing.misfits()).toEqual([]);
});
