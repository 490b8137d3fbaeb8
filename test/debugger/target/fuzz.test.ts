/**
 * Random motions: whatever way leads to an icount, the same moment is there: all stacks, and what a
 * few expressions give. What cannot be is a sentence, and the target stands where it stood.
 */

import fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Motion,
  type Stop,
  type Target,
  TargetError,
} from '../../../debugger/target/index.ts';
import { openTarget } from '../../../debugger/target/open.ts';
import { build, processesLeft } from './processes.ts';
import { SPEC } from './programs.ts';

const PROGRAMS = ['../programs/race.ts', '../dap/programs/ledger.ts'];
const SEED = 20_240_611;
const RUNS = 12;
const MOTIONS = 12;

afterAll(() => expect(processesLeft()).toEqual([]));

const lwp = fc.integer({ min: 0, max: 4 });
const backwards = fc.boolean();
const motions: fc.Arbitrary<Motion> = fc.oneof(
  fc.constant<Motion>({ kind: 'start' }),
  fc.constant<Motion>({ kind: 'continue' }),
  fc.constant<Motion>({ kind: 'reverse-continue' }),
  fc.record({ kind: fc.constant('goto' as const), icount: fc.integer({ min: -5, max: 9000 }) }),
  fc.record({ kind: fc.constant('switch' as const), backwards }),
  fc.record({ kind: fc.constant('scheduling-point' as const), backwards }),
  fc.record({ kind: fc.constant('event' as const), backwards, event: fc.constant('syscall') }),
  fc.record({
    kind: fc.constant('step' as const),
    how: fc.constantFrom('over', 'in', 'out', 'back', 'back-in', 'back-out'),
    lwp,
    granularity: fc.constantFrom('statement', 'line'),
  }),
);

/** Everything that must be the same whenever the target stands at an icount. */
async function moment(target: Target, stop: Stop): Promise<string> {
  const { path, lineBase1, columnBase0 } = stop.place;
  const seen = [`LWP ${stop.lwp} at ${path}:${lineBase1}:${columnBase0} ${stop.virtualTimeNs}`];
  for (const { id, stat, wmesg, syscall } of await target.lwps()) {
    const stack = await target.stack(id);
    const frames = stack.map((frame) => `${frame.function}:${frame.lineBase1}`).join(' ');
    seen.push(`${id} ${stat} ${wmesg} ${syscall} ${frames}`);
  }
  for (const expression of ['kernel.procs.size', 'world.points', 'world.switches']) {
    seen.push((await target.evaluate(expression, { sideEffects: 'refused' })).value);
  }
  return seen.join('\n');
}

/** Where it stands after a motion, which may be refused. */
async function after(target: Target, motion: Motion): Promise<Stop> {
  const before = target.stop;
  try {
    return await target.move(motion);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    expect(error.message).toMatch(/^[^\n]+$/);
    expect(target.stop).toEqual(before);
    return target.stop as Stop;
  }
}

describe.each(PROGRAMS)('random motions in %s', (name) => {
  it('lead to the same moment whenever they lead to the same icount', async () => {
    build();
    const program = fileURLToPath(new URL(name, import.meta.url));
    const target = await openTarget({ kind: 'live', program, spec: { ...SPEC, seed: 3 } });
    const moments = new Map<number, string>();
    let again = 0;
    try {
      await target.move({ kind: 'start' });
      await target.setBreakpoints([{ id: 1, at: { kind: 'function', name: 'mutex_exit' } }]);
      const property = fc.asyncProperty(
        fc.array(motions, { minLength: 1, maxLength: MOTIONS }),
        async (list) => {
          for (const motion of list) {
            const stop = await after(target, motion);
            expect(stop.icount).toBeLessThanOrEqual(target.lastIcount);
            if (stop.inside || stop.reason === 'end') continue;
            const seen = await moment(target, stop);
            const known = moments.get(stop.icount);
            if (known !== undefined) again++;
            expect(seen).toBe(known ?? seen);
            moments.set(stop.icount, seen);
          }
        },
      );
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
      expect(again).toBeGreaterThan(10);
    } finally {
      await target.close();
    }
  });
});
