/** A Redis server of a test's own on loopback, and hunt workers as processes: both can be killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, environment } from '../../tui/cli.ts';

export class Server {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rumpus-redis-'));
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, words: readonly string[]) {
    this.port = port;
    this.#words = words;
  }

  /** Starts one on a free port. It keeps nothing on disk. `words` are more options. */
  static async start(...words: string[]): Promise<Server> {
    const server = new Server(await freePort(), words);
    await server.restart();
    return server;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const { port } = this;
    const words = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--daemonize',
      'no',
    ];
    const child = spawn('redis-server', [...words, '--dir', this.#folder, ...this.#words]);
    this.#child = child;
    let log = '';
    for await (const piece of child.stdout) {
      log += String(piece);
      if (log.includes('Ready to accept connections')) break;
    }
    if (child.exitCode !== null) throw new Error(`redis-server did not start: ${log}`);
  }

  /** As a power failure would. */
  async kill(): Promise<void> {
    await killed(this.#child);
    this.#child = undefined;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Helper {
  readonly child: ChildProcess;
  /** What it wrote to stderr so far. */
  said(): string;
}

/** Starts `rumpus hunt-worker`. */
export function startWorker(address: string, ...words: string[]): Helper {
  const [node, ...args] = command;
  const line = [...args, 'hunt-worker', '--fleet', address, '--trust', '--workers', '1', ...words];
  return started(spawn(node, line, { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] }));
}

function started(child: ChildProcess): Helper {
  let text = '';
  child.stderr?.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  return { child, said: () => text };
}

/** SIGKILL, and waits for the end. */
export async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Sends a signal; gives the exit status. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [status] = (await exit) as [number | null];
  return status;
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}

/** Waits until something holds. */
export async function until(holds: () => boolean, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it does not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
