/** A failure is the same moment, whether a core tells of it or the run is made again. */

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Target } from '../../../debugger/target/index.ts';
import { atEnd, openCoreOf, openReplay } from './processes.ts';
import { temporaryFolder, writeCoreOf } from './programs.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A program for each way in which a run can fail. */
const PROGRAMS = [
  'abba',
  'boot',
  'kassert',
  'lost-wakeup',
  'panic',
  'program-error',
  'several',
  'timeout',
  'trap',
];

/** Where it stands, and the stacks of all LWPs. */
async function failureOf(target: Target): Promise<string[]> {
  const { stop } = target;
  const lines = [`${stop?.reason} ${stop?.icount} LWP ${stop?.lwp} ${stop?.description}`];
  lines.push(JSON.stringify(stop?.place), JSON.stringify(stop?.outcome));
  const lwps = await target.lwps();
  if (stop?.lwp === 0) lines.push(...(await stackOf(target, 0)));
  for (const { id, name, kernel, stat, wmesg, syscall } of lwps) {
    lines.push(`LWP ${id} ${name} of ${kernel}: ${stat} ${wmesg} ${syscall}`.trimEnd());
    lines.push(...(await stackOf(target, id)));
  }
  return lines;
}

async function stackOf(target: Target, lwp: number): Promise<string[]> {
  const stack = await target.stack(lwp);
  return stack.map(
    (frame) => `  ${frame.function} ${frame.path}:${frame.lineBase1}:${frame.columnBase0}`,
  );
}

describe.each(PROGRAMS)('the failure of %s', (name) => {
  const program = fileURLToPath(
    new URL(`../../corefiles/core/programs/${name}.ts`, import.meta.url),
  );

  it('is told by its core as its replay shows it', async () => {
    const file = folder.file(`${basename(program)}.core`);
    await writeCoreOf(program, file);
    const core = await openCoreOf(file, program);
    const replay = await atEnd(await openReplay(file, program));
    try {
      expect(await failureOf(replay)).toEqual(await failureOf(core));
    } finally {
      await replay.close();
      await core.close();
    }
  });

  it('can be left backwards', async () => {
    const file = folder.file(`${basename(program)}.core`);
    await writeCoreOf(program, file);
    const target = await openCoreOf(file, program);
    try {
      const icount = target.lastIcount - 1;
      const stop = await target.move({ kind: 'goto', icount });
      expect(stop).toMatchObject({ reason: 'goto', icount, inside: false });
    } finally {
      await target.close();
    }
  });
});
