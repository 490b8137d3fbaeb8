/** Attaching to a process that runs, leaving it, and what becomes of its run. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ProcessTarget } from '../../../debugger/target/process/index.ts';
import { openTarget, type Target } from '../../../debugger/target/index.ts';
import { refusal } from './claims/looking.ts';
import { endAll, type Inspected, inspected } from './inspected.ts';
import { OVERDRAWN, OVERDRAWN_PATH, temporaryFolder } from './programs.ts';

const BUSY = fileURLToPath(new URL('../programs/busy.ts', import.meta.url));
const folder = temporaryFolder();
const cache = folder.file('cache');
const notes = join(cache, 'rumpus/inspected');
const waiting = [OVERDRAWN, '--inspect-wait', '--out', folder.file('out')];

beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', cache));
afterEach(endAll);
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

const attach = (port: number): Promise<Target> => openTarget({ kind: 'attach', port });

const inWithdraw = {
  id: 1,
  at: { kind: 'source', path: OVERDRAWN_PATH, lineBase1: 28 },
} as const;

/** A program that is in its loop. */
async function busy(): Promise<Inspected> {
  const made = await inspected([BUSY, '--inspect'], cache);
  await made.printed('busy\n');
  return made;
}

async function turns(target: Target): Promise<number> {
  const frame = (await target.stack(1)).find(({ function: name }) => name === 'main')?.id;
  return Number((await target.evaluate('state.turns', { frame, sideEffects: 'refused' })).value);
}

describe('a program that runs', () => {
  it('is interrupted where it is, and goes both ways', async () => {
    const { port } = await busy();
    const target = await attach(port);
    expect(target.stop).toMatchObject({ reason: 'pause', lwp: 1, diverted: false });
    const icount = target.stop?.icount ?? 0;
    const before = await turns(target);
    expect((await target.move({ kind: 'step', how: 'back', lwp: 1 })).icount).toBeLessThan(icount);
    expect((await target.move({ kind: 'goto', icount })).icount).toBe(icount);
    expect(await turns(target)).toBe(before);
    await target.close();
  });

  it('runs on when it is left, and can be attached to again', async () => {
    const { port } = await busy();
    const first = await attach(port);
    const icount = first.stop?.icount ?? 0;
    await first.close();
    const second = await attach(port);
    expect(second.stop?.reason).toBe('pause');
    expect(second.stop?.icount).toBeGreaterThan(icount);
    await second.close();
  });

  it('runs on when it is left while it moves', async () => {
    const { port } = await busy();
    const first = await attach(port);
    const icount = first.stop?.icount ?? 0;
    const moving = refusal(first.move({ kind: 'continue' }));
    await first.close();
    const second = await attach(port);
    expect(second.stop?.icount).toBeGreaterThan(icount);
    await second.close();
    expect(await moving).toMatch(/closed/);
  });

  it('has one debugger: another is refused, and the first goes on', async () => {
    const { port } = await busy();
    const target = await attach(port);
    expect(await refusal(attach(port))).toBe(
      `another debugger is attached to the process at port ${port}`,
    );
    expect(await turns(target)).toBeGreaterThanOrEqual(0);
    await target.close();
  });

  it('ends when its debugger says so', async () => {
    const { port, ended } = await busy();
    const target = await attach(port);
    await target.terminate?.();
    expect((await ended).status).not.toBe(0);
  });

  it('that is killed is told of once', async () => {
    const { port, child } = await busy();
    const target = await attach(port);
    if (!(target instanceof ProcessTarget)) throw new Error('it has no process');
    expect(target.pid).toBe(child.pid);
    const died = new Promise<string>((done) => {
      target.events = { died: done };
    });
    child.kill('SIGKILL');
    expect(await died).toMatch(/gone/);
    expect(await refusal(target.move({ kind: 'continue' }))).toMatch(/gone/);
  });
});

describe('a program that waits for its debugger', () => {
  it('has run nothing before that', async () => {
    const { port } = await inspected(waiting, cache);
    const target = await attach(port);
    expect(target.stop).toBeNull();
    expect(await target.move({ kind: 'start' })).toMatchObject({ reason: 'entry', lwp: 1 });
    await target.close();
  });

  it('runs when its debugger leaves without having started it', async () => {
    const { port, ended } = await inspected(waiting, cache);
    await (await attach(port)).close();
    expect(await ended).toMatchObject({ status: 1 });
  });

  it('runs to its end without stops when it is left at a breakpoint', async () => {
    const { port, ended } = await inspected(waiting, cache);
    const target = await attach(port);
    await target.setBreakpoints([inWithdraw]);
    await target.setExceptions({ throws: 'all' });
    await target.move({ kind: 'start' });
    expect(await target.move({ kind: 'continue' })).toMatchObject({ breakpoints: [1] });
    await target.close();
    const { status, stdout } = await ended;
    expect(status).toBe(1);
    expect(stdout).toMatch(/^panic: alice is overdrawn\n {4}LWP 1/m);
  });

  it('stands at its verdict for as long as its debugger stays', async () => {
    const { port, child, ended } = await inspected(waiting, cache);
    const target = await attach(port);
    await target.move({ kind: 'start' });
    const verdict = await target.move({ kind: 'continue' });
    expect(verdict).toMatchObject({ reason: 'verdict', outcome: { verdict: 'panic' } });
    expect((await target.stack(1)).map((frame) => frame.function)).toContain('withdraw');
    expect(await target.move({ kind: 'continue' })).toMatchObject({ reason: 'end' });
    expect(child.exitCode).toBeNull();
    await target.close();
    expect((await ended).status).toBe(1);
  });

  it('is as ever when its debugger went back before what was written by hand', async () => {
    const { port, ended } = await inspected(waiting, cache);
    const target = await attach(port);
    await target.setBreakpoints([inWithdraw]);
    await target.move({ kind: 'start' });
    const { icount } = await target.move({ kind: 'continue' });
    const [{ id: frame }] = await target.stack(1);
    await target.setExpression('account.balance', '-1', frame);
    await target.move({ kind: 'goto', icount: icount - 10 });
    await target.close();
    expect((await ended).stdout).toContain('rumpus replay');
  });

  it('says that fields cannot be watched in its image, and stops elsewhere as ever', async () => {
    const { port } = await inspected(waiting, cache);
    const target = await attach(port);
    await target.setBreakpoints([inWithdraw]);
    await target.move({ kind: 'start' });
    await target.move({ kind: 'continue' });
    const [{ id: frame }] = await target.stack(1);
    expect(await target.dataInfo('account.balance', 0, frame)).toMatchObject({
      dataId: null,
      description: expect.stringMatching(/^the image of a process that was attached to/),
    });
    expect(await target.move({ kind: 'continue' })).toMatchObject({ breakpoints: [1] });
    await target.close();
  });

  it('leaves no recording of what was written by hand, and says so', async () => {
    const { port, ended } = await inspected(waiting, cache);
    const target = await attach(port);
    await target.setBreakpoints([inWithdraw]);
    await target.move({ kind: 'start' });
    await target.move({ kind: 'continue' });
    const [{ id: frame }] = await target.stack(1);
    await target.setExpression('account.balance', '-1', frame);
    await target.close();
    const { status, stdout, stderr } = await ended;
    expect(status).toBe(1);
    expect(stdout).toContain('panic: alice is overdrawn');
    expect(stdout).not.toContain('rumpus replay');
    expect(stderr).toContain('variables were written with the debugger');
  });
});

describe('the note of where a process listens', () => {
  it('can be read by its user alone, and goes when the process ends', async () => {
    const { port, ended } = await inspected(waiting, cache);
    const file = join(notes, `${port}.json`);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await (await attach(port)).close();
    await ended;
    expect(existsSync(file)).toBe(false);
  });

  it('of a process that is gone goes when another process listens', async () => {
    const { port, child, ended } = await busy();
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(notes)).toContain(`${port}.json`);
    const other = await inspected(waiting, cache);
    expect(readdirSync(notes)).toEqual([`${other.port}.json`]);
  });

  it('of a process that is gone is told as such, and removed', async () => {
    const { port, child, ended } = await busy();
    child.kill('SIGKILL');
    await ended;
    expect(await refusal(attach(port))).toBe(`the process that listened at port ${port} is gone`);
    expect(readdirSync(notes)).not.toContain(`${port}.json`);
    expect(await refusal(attach(port))).toMatch(/^no process .*--inspect/);
  });
});
