/** The processes behind sessions: killed, endless, left alone by their client. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessTarget } from '../../../debugger/target/index.ts';
import { at, type Connected } from './client.ts';
import { PANICS, real, standing } from './live.ts';

const RUMPUS = fileURLToPath(new URL('../../../bin/rumpus.mjs', import.meta.url));

/** Never ends; its budget is what the launch says. */
const ENDLESS = {
  program: fileURLToPath(new URL('../../tui/programs/endless.ts', import.meta.url)),
  budget: 1e12,
};

/** The process of a session's target. */
function pidOf({ session }: Connected): number {
  const target = session.anyTarget;
  if (!(target instanceof ProcessTarget)) throw new Error('the target has no process');
  return target.pid;
}

/** Resolves when there is no such process any more. */
async function isGone(pid: number): Promise<void> {
  const exists = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(exists, { timeout: 10_000 }).toBe(false);
}

test('an endless program is paused, looked at, and goes on', async () => {
  const made = await standing({ ...ENDLESS, stopOnEntry: true });
  const { client } = made;
  await client.do('continue', { threadId: 1 });
  await client.do('pause', { threadId: 1 });
  const first = await client.event('stopped');
  expect(first.body).toMatchObject({ reason: 'pause', threadId: 1 });
  const stack = await client.do('stackTrace', { threadId: 1 });
  expect(at(stack, 'stackFrames', 0, 'name')).toBe('main');
  await client.do('continue', { threadId: 1 });
  await client.do('pause', { threadId: 1 });
  const second = await client.event('stopped');
  expect(at<number>(second, 'rumpus', 'icount')).toBeGreaterThan(at(first, 'rumpus', 'icount'));
  await client.do('disconnect');
  await isGone(pidOf(made));
});

test('a breakpoint that is set while the program runs stops it, and a pause is of one move only', async () => {
  const made = await standing({ ...ENDLESS, stopOnEntry: true });
  const { client } = made;
  const source = { path: ENDLESS.program };
  await client.do('continue', { threadId: 1 });
  await client.do('pause', { threadId: 1 });
  await client.event('stopped');
  const back = await client.move('stepBack');
  expect(back.body).toMatchObject({ reason: 'step' });
  const places = await client.do('breakpointLocations', { source, line: 4 });
  const found = at<{ line: number; column: number }[]>(places, 'breakpoints');
  await client.do('continue', { threadId: 1 });
  await client.do('setBreakpoints', { source, breakpoints: found });
  expect((await client.event('stopped')).body).toMatchObject({ reason: 'breakpoint' });
  await client.do('disconnect');
});

test('a process that runs is attached to, left, and ended', async () => {
  const words = [RUMPUS, 'run', ENDLESS.program, '--budget', String(ENDLESS.budget), '--inspect'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stderr, 'data')) as [Buffer];
  const port = Number(/port (\d+)/.exec(line.toString())?.[1]);
  for (const terminateDebuggee of [undefined, true]) {
    const { client } = real();
    await client.initialize();
    await client.do('attach', { port });
    await client.event('initialized');
    await client.do('configurationDone');
    const stopped = await client.event('stopped');
    expect(at(await client.do('stackTrace', { threadId: 1 }), 'stackFrames', 0, 'name')).toBe(
      'main',
    );
    const next = await client.move('next');
    expect(at(next, 'rumpus', 'icount')).toBeGreaterThan(at(stopped, 'rumpus', 'icount'));
    expect(child.exitCode ?? child.signalCode).toBe(null);
    await client.do('disconnect', { terminateDebuggee });
  }
  await isGone(child.pid ?? 0);
  const { client } = real();
  await client.initialize();
  expect((await client.ask('attach', { port })).message).toMatch(/process/);
});

test('an expression that never ends is given up', async () => {
  const { client } = await standing({ ...PANICS, stopOnEntry: true });
  const wrong = await client.ask('evaluate', {
    expression: '(() => { for (;;) {} })()',
    context: 'watch',
  });
  expect(wrong.success).toBe(false);
  await client.move('next');
  await client.do('disconnect');
});

test('a target that is killed is told; its session can be restarted', async () => {
  const made = await standing({ ...ENDLESS, stopOnEntry: true });
  const { client } = made;
  await client.do('continue', { threadId: 1 });
  process.kill(pidOf(made), 'SIGKILL');
  expect((await client.event('output')).body).toMatchObject({
    category: 'important',
    output: expect.stringMatching(/^The program is gone: .*killed/),
  });
  expect((await client.event('exited')).body).toEqual({ exitCode: 1 });
  const refused = await client.ask('next', { threadId: 1 });
  expect(refused.message).toMatch(/^The program is gone/);
  await client.do('restart');
  await client.event('stopped');
  await client.move('next');
  await client.do('disconnect');
});

test.each([
  ['stands', async () => undefined],
  ['runs', async (made: Connected) => void (await made.client.do('continue', { threadId: 1 }))],
])('no process is left when the client vanishes while the target %s', async (_what, act) => {
  const made = await standing({ ...ENDLESS, stopOnEntry: true });
  const pid = pidOf(made);
  await act(made);
  await made.vanish();
  await isGone(pid);
});

test('a program that is none, or does not compile, is refused with what is wrong', async () => {
  const { client } = real();
  await client.initialize();
  const refused = async (file: string) => {
    const program = fileURLToPath(new URL(`../../tui/programs/${file}`, import.meta.url));
    return (await client.ask('launch', { program })).message;
  };
  expect(await refused('nothing-here.ts')).toMatch(/there is no file/);
  expect(await refused('not-a-program.ts')).toMatch(/is not a program/);
  expect(await refused('awaits.ts.txt')).toMatch(/await|is not/);
  await client.do('launch', PANICS);
  await client.do('disconnect');
});
