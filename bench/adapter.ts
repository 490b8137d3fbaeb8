/** `rumpus dap` over stdio, as an editor starts it, and a client that only waits for answers. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Message {
  readonly type: string;
  readonly command?: string;
  readonly event?: string;
  readonly success?: boolean;
  readonly message?: string;
  readonly request_seq?: number;
  readonly body?: Readonly<Record<string, never>>;
}

/** Host time that an answer may take before a figure is given up, ms. */
const PATIENCE_MS = 60_000;

export class Adapter {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string, (message: Message) => void>();
  #input = Buffer.alloc(0);
  #seq = 0;

  constructor(root: string) {
    this.#child = spawn(process.execPath, [resolve(root, 'bin/rumpus.mjs'), 'dap']);
    this.#child.stdout.on('data', (bytes: Buffer) => this.#take(bytes));
  }

  #take(bytes: Buffer): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    for (;;) {
      const head = this.#input.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#input.toString('utf8', 0, head))?.[1],
      );
      const end = head + 4 + length;
      if (this.#input.length < end) return;
      this.#heard(JSON.parse(this.#input.toString('utf8', head + 4, end)) as Message);
      this.#input = this.#input.subarray(end);
    }
  }

  #heard(message: Message): void {
    const key = message.event ?? String(message.request_seq);
    this.#waiting.get(key)?.(message);
    this.#waiting.delete(key);
  }

  #next(key: string, what: string): Promise<Message> {
    return new Promise((heard, failed) => {
      const late = setTimeout(() => failed(new Error(`${what} has not come`)), PATIENCE_MS);
      this.#waiting.set(key, (message) => {
        clearTimeout(late);
        heard(message);
      });
    });
  }

  /** The next event of a name; to be asked for before what leads to it. */
  event(name: string): Promise<Message> {
    return this.#next(name, `the event ${name}`);
  }

  /** The body of the answer to a request. */
  async ask<Body>(command: string, args: object = {}): Promise<Body> {
    const seq = ++this.#seq;
    const answer = this.#next(String(seq), `the answer to ${command}`);
    const text = JSON.stringify({ seq, type: 'request', command, arguments: args });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { success, message, body } = await answer;
    if (success !== true) throw new Error(`${command}: ${message}`);
    return body as Body;
  }

  /** A request that moves; gives the `stopped` event. */
  async move(command: string, args: object = { threadId: 1 }): Promise<Message> {
    const stopped = this.event('stopped');
    await this.ask(command, args);
    return stopped;
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    await this.ask('disconnect');
    await gone;
  }
}

/** A program at its entry. */
export async function atEntry(adapter: Adapter, program: string, args: readonly string[]) {
  await adapter.ask('initialize', { adapterID: 'rumpus', pathFormat: 'path' });
  return launch(adapter, program, args);
}

/** From the launch request to the first stop; gives its event. */
export async function launch(adapter: Adapter, program: string, args: readonly string[]) {
  const [initialized, stopped] = [adapter.event('initialized'), adapter.event('stopped')];
  const launched = adapter.ask('launch', { program, args, stopOnEntry: true });
  await initialized;
  await adapter.ask('configurationDone');
  await launched;
  return stopped;
}
