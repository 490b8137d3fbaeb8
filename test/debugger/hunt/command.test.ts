/** rumpus hunt at scale: its options on the command line, and what can go wrong around a hunt. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { needs } from '../../skip.ts';
import { command, environment, rumpus, rumpusJson, workFolder } from '../../tui/cli.ts';
import { ended, killed, Server, startWorker } from './server.ts';

const redis = needs('redis-server', 'apt-get install redis-server');
const cwd = workFolder();
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['hunt hello.ts --shard 5/4', /^rumpus: --shard 5\/4: .*\n$/],
  ['hunt hello.ts --merge there', /^rumpus: --merge needs --corpus.*\n$/],
  ['hunt hello.ts --resume', /^rumpus: --resume needs --fleet.*\n$/],
  ['hunt hello.ts --fleet nonsense', /^rumpus: --fleet must be an address .*\n$/],
  ['hunt hello.ts --fleet redis://127.0.0.1:1', /^rumpus: no Redis server .*ECONNREFUSED\)\n$/],
  ['hunt hello.ts --watch --fleet redis://h', /^rumpus: --watch and --fleet .*\n$/],
  ['hunt hello.ts --corpus hello.ts', /^rumpus: hello.ts cannot be a corpus: it is no folder\n$/],
  ['hunt-worker --trust', /^rumpus: hunt-worker needs --fleet.*\n$/],
  ['hunt-worker --fleet redis://h', /^rumpus: a worker runs programs .* --trust if it is yours\n$/],
  ['hunt-worker --fleet redis://127.0.0.1:1 --trust', /^rumpus: no Redis server can be used/],
];

test.each(WRONG)('rumpus %s is one sentence and exit 2', (line, sentence) => {
  const { status, stdout, stderr } = rumpus(cwd, line.split(' '));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});

test('two shards run the schedules after the first 500 once between them', () => {
  const schedules = (shard: string) => {
    const args = ['hunt', 'hello.ts', '--grain', 'sync', '--detect', 'none', '--schedules', '1500'];
    return Number(rumpusJson(cwd, [...args, '--shard', shard]).json['schedules']);
  };
  expect(schedules('1/2') + schedules('2/2')).toBe(1500 + 500);
});

test('what one hunt found is the first thing that the next one says', () => {
  const args = ['hunt', 'abba.ts', '--corpus', 'corpus'];
  expect(rumpus(cwd, args).stdout).toMatch(/^found in schedule \d+\ndeadlock/);
  const again = rumpus(cwd, args);
  expect(again.stdout).toMatch(/^found by the corpus: corpus\/abba\.fail-\w+\.rumpus\ndeadlock/);
  expect(again.status).toBe(1);
  const merged = rumpus(cwd, ['hunt', 'abba.ts', '--corpus', 'other', '--merge', 'corpus']);
  expect(merged.stderr).toContain('corpus: 1 added to the corpus, 0 known\n');
  expect(readdirSync(join(cwd, 'other'))).toEqual(readdirSync(join(cwd, 'corpus')));
});

test('what cannot be written is said once, and the finding is printed: exit 1', () => {
  writeFileSync(join(cwd, 'full'), 'a file where a folder should be');
  const { status, stdout, stderr } = rumpus(cwd, ['hunt', 'abba.ts', '--out', 'full/below']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^found in schedule \d+\ndeadlock/);
  expect(stderr.match(/the recording could not be written/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('Ctrl-C in the middle of a hunt in threads prints what was done: exit 130', async () => {
  const [node, ...words] = command;
  const args = [...words, 'hunt', 'hello.ts', '--schedules', '100000000', '--workers', '2'];
  const child = spawn(node, [...args, '--json'], { cwd, env: environment() });
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  setTimeout(() => child.kill('SIGINT'), 4000);
  const [status] = (await once(child, 'exit')) as [number];
  expect(status).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'passed', interrupted: true });
});

/** Until a worker has left a result. */
async function firstResult({ port }: Server): Promise<void> {
  const { Redis } = await import('ioredis');
  const client = new Redis(port, '127.0.0.1');
  while ((await client.keys('rumpus:hunt:*:done')).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  client.disconnect();
}

redis.test(
  'a hunt over a fleet finds what a hunt alone does, and goes on after Ctrl-C',
  async () => {
    const server = await Server.start();
    const helper = startWorker(server.address);
    try {
      const args = ['hunt', 'hello.ts', '--detect', 'none', '--fleet', server.address];
      const [node, ...words] = command;
      const long = [...words, ...args, '--schedules', '100000000', '--json'];
      const child = spawn(node, long, { cwd, env: environment() });
      let stdout = '';
      child.stdout.on('data', (text: Buffer) => {
        stdout += text.toString();
      });
      await firstResult(server);
      const status = await ended(child, 'SIGINT');
      expect(status).toBe(130);
      const { schedules } = JSON.parse(stdout) as { schedules: number };
      expect(schedules).toBeGreaterThan(500);
      const whole = rumpusJson(cwd, [...args, '--schedules', '4000']);
      expect(whole.stderr).toMatch(/going on with a hunt of which \d+ schedules are done/);
      expect(whole).toMatchObject({ status: 0, json: { schedules: 4000 } });
      expect(await ended(helper.child, 'SIGINT')).toBe(130);
    } finally {
      await killed(helper.child);
      await server.end();
    }
  },
);
