/**
 * What stepping costs without a debugger of the kernel's own: the same program under the engine's
 * single steps, as debuggers of JavaScript take them, over the inspector connection that Rumpus'
 * own debugger uses.
 *
 * A step over a source line is as many of the engine's as it takes until it stands on another line
 * of the source. A step into a system call is as many steps in as it takes to stand in the function
 * where Rumpus' step in lands.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Client } from 'chrome-remote-interface';
import type { Protocol } from 'devtools-protocol';
import { execute } from '../debugger/run/execute.ts';
import { siteTable } from '../kernel/index.ts';
import { generatedPosition } from '../tracer/index.ts';
import type { Images } from './figure.ts';
import { benchSpec, loadBenchProgram } from './run.ts';

type CallFrame = Protocol.Debugger.CallFrame;

/** A statement's place in the code that runs, and its line in the source. */
interface Statement {
  readonly file: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
  readonly sourceLineBase1: number;
}

interface Hello {
  readonly port: number;
  readonly secret: string;
  readonly statements: readonly Statement[];
}

/** More steps than any line takes. */
const STEPS_MAX = 1000;

/** The process that is stepped: runs a bench program when it is told to. */
export async function serveProgram(root: string, name: string, args: readonly string[]) {
  const images = { root, bench: '', plain: '' };
  const loaded = await loadBenchProgram(images, name);
  loaded.instance();
  const secret = randomBytes(16).toString('hex');
  const workerData = { secret, survives: false, port: 0 };
  const file = resolve(root, 'dist/inspector-worker.cjs');
  const worker = new Worker(file, { workerData, execArgv: [] });
  const [{ port }] = (await once(worker, 'message')) as [{ port: number }];
  const { path } = loaded.image.modules[0];
  const statements = siteTable.positionsOf(path).flatMap((position) => {
    const { lineBase1, columnBase0 } = position;
    const at = generatedPosition({ path, lineBase1, columnBase0 });
    return at === undefined ? [] : [{ ...at, sourceLineBase1: lineBase1 }];
  });
  process.send?.({ port, secret, statements } satisfies Hello);
  await once(process, 'message');
  execute(loaded, benchSpec(args, { lockdebug: true }));
}

function hello(child: ChildProcess): Promise<Hello> {
  return new Promise((ready, failed) => {
    child.once('message', (said) => ready(said as Hello));
    child.once('exit', (code) => failed(new Error(`the stepped process ended with ${code}`)));
  });
}

export class PlainSteps {
  readonly #child: ChildProcess;
  readonly #client: Client;
  readonly #statements: readonly Statement[];
  #top: CallFrame | undefined;
  #wake: () => void = () => {};

  private constructor(child: ChildProcess, client: Client, statements: readonly Statement[]) {
    this.#child = child;
    this.#client = client;
    this.#statements = statements;
    client.on('Debugger.paused', ({ callFrames }) => {
      this.#top = callFrames[0];
      this.#wake();
    });
  }

  static async start(images: Images, name: string, args: readonly string[]): Promise<PlainSteps> {
    const call = [images.root, name, args].map((one) => JSON.stringify(one)).join(', ');
    const code = `import { serveProgram } from ${JSON.stringify(pathToFileURL(images.bench).href)};
      await serveProgram(${call});`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const { port, secret, statements } = await hello(child);
    const { default: CDP } = await import('chrome-remote-interface');
    const client = await CDP({ target: `ws://127.0.0.1:${port}/${secret}`, local: true });
    await client.send('Debugger.enable');
    return new PlainSteps(child, client, statements);
  }

  /** Runs to a line, where a breakpoint stays. */
  async runTo(sourceLineBase1: number): Promise<void> {
    const at = this.#statements.find((one) => one.sourceLineBase1 === sourceLineBase1);
    if (at === undefined) throw new Error(`no code is made from line ${sourceLineBase1}`);
    await this.#client.send('Debugger.setBreakpointByUrl', {
      urlRegex: `${at.file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
      lineNumber: at.lineBase1 - 1,
      columnNumber: at.columnBase0,
    });
    const paused = this.#paused();
    this.#child.send('run');
    await paused;
  }

  /** On to the breakpoint again. */
  async resume(): Promise<void> {
    await this.#go('Debugger.resume');
  }

  /** Steps over the line; gives how many of the engine's steps that took. */
  stepOverLine(): Promise<number> {
    const line = this.#line();
    return this.#until('Debugger.stepOver', () => this.#line() !== line);
  }

  stepInto(name: string): Promise<number> {
    return this.#until('Debugger.stepInto', () => this.#top?.functionName === name);
  }

  async #until(
    step: 'Debugger.stepOver' | 'Debugger.stepInto',
    isThere: () => boolean,
  ): Promise<number> {
    for (let steps = 1; steps <= STEPS_MAX; steps++) {
      await this.#go(step);
      if (isThere()) return steps;
    }
    throw new Error(`${STEPS_MAX} steps of the engine led nowhere`);
  }

  async #go(how: 'Debugger.resume' | 'Debugger.stepOver' | 'Debugger.stepInto'): Promise<void> {
    const paused = this.#paused();
    await this.#client.send(how);
    await paused;
  }

  #paused(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake;
    });
  }

  /** The source line of the last statement that begins at or before where the engine stands. */
  #line(): number {
    const { lineNumber = 0, columnNumber = 0 } = this.#top?.location ?? {};
    const before = this.#statements.filter(
      ({ lineBase1, columnBase0 }) =>
        lineBase1 - 1 < lineNumber || (lineBase1 - 1 === lineNumber && columnBase0 <= columnNumber),
    );
    before.sort((a, b) => a.lineBase1 - b.lineBase1 || a.columnBase0 - b.columnBase0);
    return before.at(-1)?.sourceLineBase1 ?? 0;
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
    await this.#client.close().catch(() => {});
  }
}
