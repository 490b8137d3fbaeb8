/** Steps stay with their LWP where any statement may be the last before another LWP runs. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { DEFAULT_SPEC, executeWithCore, loadProgram, saveCore } from '../../../debugger/index.ts';
import type { Stop, Target } from '../../../debugger/target/index.ts';
import { atEnd, openReplay } from './processes.ts';
import { temporaryFolder } from './programs.ts';

const RACE = fileURLToPath(new URL('../programs/race.ts', import.meta.url));
const SEEDS = 200;
/** Steps that are made each way. */
const STEPS = 3;

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A recording in which an LWP is preempted between two statements, and the run fails. */
async function preempted(): Promise<Target> {
  const loaded = await loadProgram(RACE);
  const file = folder.file('race.core');
  for (let seed = 1; seed <= SEEDS; seed++) {
    const spec = { ...DEFAULT_SPEC, grain: 'statement' as const, seed };
    const { run, state } = executeWithCore(loaded, spec);
    if (run.outcome.verdict === 'passed') continue;
    saveCore(file, loaded, spec, run, state);
    return atEnd(await openReplay(file, RACE));
  }
  throw new Error(`no seed up to ${SEEDS} loses an update`);
}

function placed({ icount, lwp, place }: Stop): string {
  return `${icount} LWP ${lwp} ${place.path}:${place.lineBase1}:${place.columnBase0}`;
}

it('back and over lead through the same statements of one LWP', async () => {
  const target = await preempted();
  try {
    const lineBase1 =
      readFileSync(RACE, 'utf8').split('\n').indexOf('  counter.x = value + 1;') + 1;
    const at = { kind: 'source', path: RACE, lineBase1 } as const;
    const lwps = new Set<number>();
    let between = 0;
    for (let n = 0; n < 2; n++) {
      await target.setBreakpoints([{ id: 1, at }]);
      const write = await target.move({ kind: 'reverse-continue' });
      await target.setBreakpoints([]);
      const { lwp } = write;
      lwps.add(lwp);
      const back = [write];
      for (let i = 0; i < STEPS; i++) {
        back.push(await target.move({ kind: 'step', how: 'back', lwp }));
      }
      between += write.icount - back[STEPS].icount - STEPS;
      const forth = [target.stop as Stop];
      for (let i = 0; i < STEPS; i++) {
        forth.push(await target.move({ kind: 'step', how: 'over', lwp }));
      }
      expect(forth.reverse().map(placed)).toEqual(back.map(placed));
      expect(new Set(back.map((stop) => stop.lwp))).toEqual(new Set([lwp]));
    }
    expect(lwps.size).toBe(2);
    expect(between).toBeGreaterThan(0);
  } finally {
    await target.close();
  }
});
