/** The contract of targets, over a live run that was run to its failure; and what only lives. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { ProcessTarget } from '../../../debugger/target/process/index.ts';
import type { Motion, Target } from '../../../debugger/target/index.ts';
import { refusal } from './claims/looking.ts';
import { holdsContract } from './contract.ts';
import { atEnd, openLive, processesLeft } from './processes.ts';
import { OVERDRAWN } from './programs.ts';

const ENDLESS = fileURLToPath(new URL('../programs/endless.ts', import.meta.url));

holdsContract({
  kind: 'live',
  open: async (program) => atEnd(await openLive(program)),
  skips: {},
});

async function withLive(program: string, use: (target: Target) => Promise<void>): Promise<void> {
  const target = await openLive(program);
  try {
    await target.move({ kind: 'start' });
    await use(target);
  } finally {
    await target.close();
  }
}

/** The same request again and again until the target was stopped. */
async function interruptedMove(target: Target, motion: Motion) {
  const moving = target.move(motion);
  const timer = setInterval(() => void target.interrupt().catch(() => {}), 20);
  try {
    return await moving;
  } finally {
    clearInterval(timer);
  }
}

describe('a program in an endless loop', () => {
  it('can be interrupted, looked at, and run on', () =>
    withLive(ENDLESS, async (target) => {
      const first = await interruptedMove(target, { kind: 'continue' });
      expect(first).toMatchObject({ reason: 'pause', lwp: 1, outcome: null });
      expect((await target.stack(1)).map((frame) => frame.function)).toContain('main');
      const turns = async () =>
        Number(
          (
            await target.evaluate('state.turns', {
              frame: await top(target),
              sideEffects: 'refused',
            })
          ).value,
        );
      const before = await turns();
      const second = await interruptedMove(target, { kind: 'continue' });
      expect(second.icount).toBeGreaterThan(first.icount);
      expect(await turns()).toBeGreaterThan(before);
    }));

  it('can be left backwards, to where it was interrupted before', () =>
    withLive(ENDLESS, async (target) => {
      const { icount } = await interruptedMove(target, { kind: 'continue' });
      const back = await target.move({ kind: 'step', how: 'back', lwp: 1 });
      expect(back.icount).toBeLessThan(icount);
      expect((await target.move({ kind: 'goto', icount })).icount).toBe(icount);
    }));

  it('ends a move by its signal as well', () =>
    withLive(ENDLESS, async (target) => {
      const abort = new AbortController();
      const moving = target.move({ kind: 'continue' }, { signal: abort.signal });
      setTimeout(() => abort.abort(), 50);
      expect((await moving).reason).toBe('pause');
    }));
});

async function top(target: Target): Promise<number> {
  return (await target.stack(1)).find((frame) => frame.function === 'main')?.id ?? 0;
}

describe('a target that is killed', () => {
  it('says so once, and refuses whatever is asked then', () =>
    withLive(OVERDRAWN, async (target) => {
      if (!(target instanceof ProcessTarget)) throw new Error('it has no process');
      const news: string[] = [];
      const died = new Promise<void>((done) => {
        target.events = {
          died: (why) => {
            news.push(why);
            done();
          },
        };
      });
      process.kill(target.pid, 'SIGKILL');
      await died;
      expect(await refusal(target.stack(1))).toMatch(/killed|gone/);
      expect(await refusal(target.move({ kind: 'continue' }))).toMatch(/killed|gone/);
      expect(target.stop).toBeNull();
      expect(news).toEqual([expect.stringMatching(/killed/)]);
    }));
});

describe('a program that cannot be run', () => {
  it('is refused in a sentence, and leaves no process', async () => {
    await expect(openLive('/no/such/program.ts')).rejects.toThrow(/there is no file/);
    await vi.waitFor(() => expect(processesLeft()).toEqual([]));
  });
});
