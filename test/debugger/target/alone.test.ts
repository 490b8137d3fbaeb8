/** One LWP runs while the others are held, where the schedule is live. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_SPEC, openTarget } from '../../../debugger/index.ts';

const PROGRAM = fileURLToPath(new URL('programs/turns.ts', import.meta.url));
const WORK = 'turns.ts';
const SECOND = 3;

const atTurn = { id: 1, at: { kind: 'source', path: WORK, lineBase1: 7 } } as const;

test('an LWP that runs alone takes all of its turns, and a stop says when it can no more', async () => {
  const target = await openTarget({ kind: 'live', program: PROGRAM, spec: DEFAULT_SPEC });
  try {
    await target.move({ kind: 'start' });
    await target.setBreakpoints([{ ...atTurn, condition: `$lwp == ${SECOND}` }]);
    await target.move({ kind: 'continue' });
    await target.setBreakpoints([atTurn]);
    for (let turn = 1; turn < 5; turn++) {
      const stop = await target.move({ kind: 'continue', only: SECOND });
      expect(stop).toMatchObject({ reason: 'breakpoint', lwp: SECOND });
    }
    const last = await target.move({ kind: 'continue', only: SECOND });
    expect(last.reason).toBe('blocked');
    expect(last.description).toMatch(/^LWP 3 sleeps or has ended/);
    const again = await target.move({ kind: 'goto', icount: last.icount - 1 });
    expect(again.lwp).toBe(SECOND);
  } finally {
    await target.close();
  }
});

test('the schedule of a recording cannot be changed so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-alone-'));
  const recording = join(folder, 'turns.rumpus');
  const live = await openTarget({ kind: 'live', program: PROGRAM, spec: DEFAULT_SPEC });
  await live.move({ kind: 'start' });
  await live.move({ kind: 'continue' });
  await live.saveRecording(recording);
  await live.close();
  const target = await openTarget({ kind: 'replay', recording, program: PROGRAM });
  try {
    await target.move({ kind: 'start' });
    await expect(target.move({ kind: 'continue', only: 1 })).rejects.toThrow(/of the recording/);
  } finally {
    await target.close();
    rmSync(folder, { recursive: true });
  }
});
