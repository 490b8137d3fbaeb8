/** Processes of `rumpus run --inspect`, as a user starts them; they are killed when a test is over. */

import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from './processes.ts';

const BIN = resolve('bin/rumpus.mjs');

export interface Inspected {
  /** Resolves when it has printed a text on stdout. */
  printed(text: string): Promise<void>;
  readonly port: number;
  readonly child: ChildProcess;
  /** Everything it printed, and its exit status, when it has ended. */
  readonly ended: Promise<{ status: number | null; stdout: string; stderr: string }>;
}

const started = new Set<ChildProcess>();

/** Starts it; `cache` is the user's cache folder, where the note is. */
export async function inspected(
  args: readonly string[],
  cache: string,
  cwd = process.cwd(),
): Promise<Inspected> {
  build();
  const child = spawn(process.execPath, [BIN, 'run', ...args], {
    cwd,
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()));
  const printed = (text: string) =>
    new Promise<void>((done) => {
      const look = () => said.stdout.includes(text) && done();
      child.stdout.on('data', look);
      look();
    });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const port = await new Promise<number>((ready, failed) => {
    child.stderr.on('data', (data: Buffer) => {
      said.stderr += data.toString();
      const told = /debugger: attach to port (\d+)\n/.exec(said.stderr);
      if (told !== null) ready(Number(told[1]));
    });
    void ended.then(() => failed(new Error(`it ended: ${said.stderr}`)));
  });
  return { port, child, printed, ended: ended.then((status) => ({ status, ...said })) };
}

/** Ends whatever is left. */
export async function endAll(): Promise<void> {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await gone;
  }
  started.clear();
}
