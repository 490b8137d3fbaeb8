/** rumpus run --inspect: the same run as ever, whether a debugger comes, stays, leaves or is killed. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTarget } from '../../debugger/target/index.ts';
import { RawClient } from '../debugger/dap/client.ts';
import { endAll, inspected } from '../debugger/target/inspected.ts';
import { temporaryFolder } from '../debugger/target/programs.ts';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
const folder = temporaryFolder();
const cache = folder.file('cache');
const env = { XDG_CACHE_HOME: cache };

beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', cache));
afterEach(endAll);
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

const wait = (...args: string[]) => inspected([...args, '--inspect-wait'], cache, cwd);

/** What does not differ between runs of one schedule. */
function essence(json: Record<string, unknown>): object {
  const { elapsedMs: _elapsed, ...rest } = json;
  return rest;
}

describe('run --inspect, with nobody attached', () => {
  test.each([
    ['a run that passes', ['run', 'works.ts', '--ncpu', '2', '--seed', '7']],
    ['a run that fails', ['run', 'kassert.ts']],
    ['an exception', ['run', 'throws.ts']],
    ['a deadlock', ['run', 'abba.ts', '--strategy', 'pct', '--seed', '3']],
  ])('is the same run: %s', (_what, args) => {
    const plain = rumpusJson(cwd, args, env);
    const open = rumpusJson(cwd, [...args, '--inspect'], env);
    expect(essence(open.json)).toEqual(essence(plain.json));
    expect(open.status).toBe(plain.status);
    expect(open.stderr.replace(/^debugger: attach to port \d+\n/, '')).toBe(plain.stderr);
  });

  test('leaves a core that says the same', () => {
    const out = (name: string) => ['--out', join(cwd, name), '--json'];
    rumpus(cwd, ['run', 'kassert.ts', ...out('plain')], env);
    rumpus(cwd, ['run', 'kassert.ts', '--inspect', ...out('open')], env);
    const analyze = (name: string) =>
      rumpus(cwd, ['core', 'analyze', join(name, 'kassert-kassert-1.core')], env).stdout;
    expect(analyze('open').replaceAll('open/', 'plain/')).toBe(analyze('plain'));
    expect(analyze('plain')).toContain('count is 3');
  });

  test('takes a port that is a number', () => {
    const { status, stderr } = rumpus(cwd, ['run', 'hello.ts', '--inspect', 'here'], env);
    expect(status).toBe(2);
    expect(stderr).toBe("rumpus: --inspect must be a whole number from 0 to 65535, not 'here'\n");
  });

  test('says when it cannot listen at a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const { status, stderr } = rumpus(cwd, ['run', 'hello.ts', '--inspect', `${port}`], env);
    server.close();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^rumpus: nobody can attach: .*EADDRINUSE.*\n$/);
  });
});

describe('run --inspect, with a debugger', () => {
  test('prints each line once, however often the debugger goes back', async () => {
    const { port, ended } = await wait('hello.ts', 'rump');
    const target = await openTarget({ kind: 'attach', port });
    await target.move({ kind: 'start' });
    const end = await target.move({ kind: 'continue' });
    await target.move({ kind: 'goto', icount: 1 });
    await target.move({ kind: 'goto', icount: end.icount - 1 });
    await target.close();
    const { status, stdout } = await ended;
    expect(status).toBe(0);
    expect(stdout).toBe(rumpus(cwd, ['run', 'hello.ts', 'rump'], env).stdout);
  });

  test('is the same run when the debugger has stepped through it', async () => {
    const { port, ended } = await wait('works.ts', '--seed', '7', '--json');
    const target = await openTarget({ kind: 'attach', port });
    await target.move({ kind: 'start' });
    for (const how of ['in', 'over', 'back', 'out'] as const) {
      await target.move({ kind: 'step', how, lwp: target.stop?.lwp ?? 1 });
    }
    await target.close();
    const plain = rumpusJson(cwd, ['run', 'works.ts', '--seed', '7'], env).json;
    expect(essence(JSON.parse((await ended).stdout))).toEqual(essence(plain));
  });

  test('counts on when the debugger is gone in the middle of an evaluation', async () => {
    const { port, ended } = await wait('works.ts', '--seed', '7', '--json');
    const target = await openTarget({ kind: 'attach', port });
    await target.move({ kind: 'start' });
    const endless = target.evaluate('(() => { for (;;) {} })()', {
      sideEffects: 'allowed',
      timeoutMs: 200,
    });
    const refused = expect(endless).rejects.toThrow(/closed/);
    await target.close();
    await refused;
    const plain = rumpusJson(cwd, ['run', 'works.ts', '--seed', '7'], env).json;
    expect(essence(JSON.parse((await ended).stdout))).toEqual(essence(plain));
  });

  test('runs on when the debugger is killed where it stands', async () => {
    const { port, ended } = await wait('works.ts', '--seed', '7', '--json');
    const adapter = spawn(process.execPath, [resolve('bin/rumpus.mjs'), 'dap'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const client = new RawClient((bytes) => void adapter.stdin.write(bytes));
    adapter.stdout.on('data', (data: Buffer) => client.push(data));
    await client.initialize();
    await client.do('attach', { port, stopOnEntry: true });
    await client.event('initialized');
    await client.do('configurationDone');
    await client.event('stopped');
    await client.move('next');
    adapter.kill('SIGKILL');
    const { status, stdout } = await ended;
    expect(status).toBe(0);
    const plain = rumpusJson(cwd, ['run', 'works.ts', '--seed', '7'], env).json;
    expect(essence(JSON.parse(stdout))).toEqual(essence(plain));
  });
});
