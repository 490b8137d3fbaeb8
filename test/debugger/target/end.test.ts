/** The end of a run is the same, whether anybody looks at its statements or not, or kills it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecording } from '../../../corefiles/index.ts';
import {
  DEFAULT_SPEC,
  execute,
  finalDigest,
  loadProgram,
  type Motion,
  openTarget,
  type ProcessTarget,
  replay,
} from '../../../debugger/index.ts';

const PROGRAM = 'test/gallery/kern-43694/fixed.ts';
const spec = { ...DEFAULT_SPEC, knobs: { ncpu: 2 } };
/** Far behind the end: the statements before it are looked at. */
const BEYOND: Motion = { kind: 'goto', icount: 5000 };

test.each<[string, Motion]>([
  ['that nobody looks at', { kind: 'continue' }],
  ['whose statements are looked at', BEYOND],
])('a debugged run %s leaves the state that any run leaves', async (_, motion) => {
  const expected = finalDigest(execute(await loadProgram(PROGRAM), spec).world);
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-end-'));
  const target = await openTarget({ kind: 'live', program: PROGRAM, spec });
  try {
    await target.move({ kind: 'start' });
    expect((await target.move(motion)).reason).toBe('end');
    const file = join(folder, 'end.rumpus');
    await target.saveRecording(file);
    expect(readRecording(file).data.end.digest).toBe(expected);
  } finally {
    await target.close();
    rmSync(folder, { recursive: true });
  }
});

test('a target that is killed leaves the recording of the run up to where it stood', async () => {
  const loaded = await loadProgram(PROGRAM);
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-killed-'));
  const target = (await openTarget({ kind: 'live', program: PROGRAM, spec })) as ProcessTarget;
  try {
    await target.move({ kind: 'start' });
    const { icount } = await target.move({ kind: 'goto', icount: 900 });
    const dead = new Promise((died) => {
      target.events = { died };
    });
    process.kill(target.pid, 'SIGKILL');
    await dead;
    const file = join(folder, 'killed.rumpus');
    await target.saveRecording(file);
    const { data } = readRecording(file);
    expect(data.end).toMatchObject({ verdict: 'timeout', icount });
    expect(replay(loaded, data).divergence).toBeNull();
  } finally {
    await target.close();
    rmSync(folder, { recursive: true });
  }
});
