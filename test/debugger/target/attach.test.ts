/** Attaching to a process that runs, leaving it, and what becomes of its run. */

import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openTarget, type Target } from '../../../debugger/target/index.ts';
import { endAll, inspected } from './inspected.ts';
import { OVERDRAWN, OVERDRAWN_PATH, temporaryFolder } from './programs.ts';

const ENDLESS = fileURLToPath(new URL('../programs/endless.ts', import.meta.url));
const folder = temporaryFolder();
const cache = folder.file('cache');
const notes = join(cache, 'rumpus/inspected');
const out = ['--out', folder.file('out')];

beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', cache));
afterEach(endAll);
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

const attach = (port: number): Promise<Target> => openTarget({ kind: 'attach', port });

async function turns(target: Target): Promise<number> {
  const frames = await target.stack(1);
  const frame = frames.find(({ function: name }) => name === 'main')?.id;
  return Number((await target.evaluate('state.turns', { frame, sideEffects: 'refused' })).value);
}

const overdrawn = { kind: 'source', path: OVERDRAWN_PATH, lineBase1: 29 } as const;

it('a running program is interrupted where it is, goes both ways, and runs on when it is left', async () => {
  const { port } = await inspected([ENDLESS, '--inspect'], cache);
  const target = await attach(port);
  const here = target.stop;
  expect(here).toMatchObject({ reason: 'pause', lwp: 1, diverted: false });
  const icount = here?.icount ?? 0;
  const before = await turns(target);
  expect((await target.move({ kind: 'step', how: 'back', lwp: 1 })).icount).toBeLessThan(icount);
  expect((await target.move({ kind: 'goto', icount })).icount).toBe(icount);
  expect(await turns(target)).toBe(before);
  await target.close();
  const again = await attach(port);
  expect(again.stop?.icount).toBeGreaterThan(icount);
  await again.close();
});
