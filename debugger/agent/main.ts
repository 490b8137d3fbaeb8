/**
 * The entry point of a target's process: loads the program, serves the inspector, and waits for a
 * debugger, who calls `run()` once and asks from then on.
 *
 * What it debugs comes as JSON in RUMPUS_TARGET (TargetOrders); the inspector's address goes to the
 * parent, over the channel that child_process gives.
 */

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readRecording } from '../../corefiles/index.ts';
import * as rumpus from '../../kernel/index.ts';
import { hooks } from '../../kernel/index.ts';
import { loadMapsOf } from '../../tracer/index.ts';
import { builtFiles } from '../print/print.ts';
import { calibrated } from '../run/execute.ts';
import { changesText, imageChanges } from '../run/changes.ts';
import { InputError } from '../errors.ts';
import { loadProgram } from '../run/load.ts';
import { specOf } from '../run/record.ts';
import { Agent } from './agent.ts';
import type { InspectorWorkerData } from './inspector-worker.ts';
import { AGENT, type TargetOrders } from './protocol.ts';
import { Questions } from './questions.ts';
import { Timeline } from './timeline.ts';
import { describeLive } from './values/index.ts';

/** What the parent is told. */
export type Hello =
  | { readonly kind: 'ready'; readonly port: number; readonly secret: string }
  | { readonly kind: 'refused'; readonly message: string };

/** The agent as the debugger finds it in the target. */
export class Door {
  readonly agent: Agent;
  readonly questions: Questions;

  constructor(agent: Agent) {
    this.agent = agent;
    this.questions = new Questions(agent);
    agent.onMove = () => this.questions.moved();
  }

  /** Runs from now on; never returns. */
  run(): void {
    this.agent.loop();
  }

  /** An order, or a question; its answer, or why there is none, as JSON. */
  ask(name: string, parameters: readonly unknown[]): string {
    try {
      return JSON.stringify({ value: this.#answer(name, parameters) ?? null });
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  #answer(name: string, parameters: readonly unknown[]): unknown {
    const order = this.#orders()[name];
    if (order !== undefined) return order.apply(this.agent, parameters as never[]);
    const question = (this.questions as unknown as Record<string, unknown>)[name];
    if (typeof question !== 'function') throw new Error(`the target knows no '${name}'`);
    // Nothing that an answer takes is counted, and nothing can stop it.
    hooks.pause(0, 0);
    try {
      return question.apply(this.questions, parameters);
    } finally {
      hooks.resume();
    }
  }

  /** What sets the counters' stops, and so must not find them put aside. */
  #orders(): Record<string, (...given: never[]) => unknown> {
    const { order, where, findBack, startOf, interrupt, intervene, interventions } = this.agent;
    const { setBreakpoints, setExceptions, setSkip, mustCount, atThrow } = this.agent;
    return {
      ...{ order, where, findBack, startOf, interrupt, intervene, interventions },
      ...{ setBreakpoints, setExceptions, setSkip, mustCount, atThrow },
    };
  }

  /** While something is evaluated nothing is counted, and nothing can stop it. */
  quiet(on: boolean): void {
    if (on) hooks.pause(0, 0);
    else hooks.resume();
  }

  /** A value that the engine evaluated, as JSON of a Variable. */
  keep(name: string, frame: number, value: unknown): string {
    return this.ask('keep', [name, value, frame]);
  }

  /** A variable of a frame was written through the engine. */
  localWritten(frame: number, name: string, value: unknown): string {
    return this.ask('localWritten', [frame, name, value]);
  }

  /** Completions; `value` is what stands before the last dot. */
  complete(text: string, column: number, frame: number, value: unknown): string {
    return this.ask('completions', [text, column, frame, value]);
  }

  /** Writes a value that the engine evaluated. */
  assign(handle: number, name: string, value: unknown): string {
    return this.ask('assign', [handle, name, value]);
  }

  /** Called by the conditions of the engine's breakpoints. */
  atEngineBreakpoint(
    id: number,
    condition: (() => unknown) | null,
    message: (() => string) | null,
  ): boolean {
    return this.agent.atEngineBreakpoint(id, condition, message);
  }

  /** A value as a log point prints it. */
  text(value: unknown): string {
    return typeof value === 'string' ? value : describeLive(this.questions.handles, value);
  }
}

async function makeAgent(orders: TargetOrders): Promise<Agent> {
  const loaded = await loadProgram(orders.program);
  loadMapsOf(builtFiles());
  const data = orders.recording === '' ? null : readRecording(orders.recording).data;
  if (data !== null) {
    const changes = imageChanges(data.image, loaded.image);
    if (changes.length > 0 && !orders.adapt) {
      throw new InputError(
        `the recording was made with other sources: ${changesText(changes)} changed since`,
      );
    }
  }
  const spec = data === null ? calibrated(loaded, orders.spec) : specOf(data);
  return new Agent(loaded, (print) => new Timeline(loaded, spec, data, print), orders.exact);
}

/** Globals for expressions that are evaluated: what they name is looked up in the running world. */
function defineGlobals(agent: Agent): void {
  const define = (name: string, get: () => unknown) =>
    Object.defineProperty(globalThis, name, { configurable: true, enumerable: false, get });
  define('kernel', () => agent.world?.kernels[0]);
  define('kernels', () => agent.world?.kernels);
  define('world', () => agent.world);
  define('lwp', () => (id: number) => agent.world?.lwps[id]);
  define('rumpus', () => rumpus);
  define('$icount', () => hooks.icount);
}

function serveInspector(secret: string, survives: boolean, port: number): Promise<number> {
  const file = resolve(fileURLToPath(import.meta.url), '../inspector-worker.js');
  const workerData: InspectorWorkerData = { secret, survives, port };
  const worker = new Worker(file, { workerData });
  return new Promise((ready, failed) => {
    worker.on('message', (message: { port?: number; error?: string }) => {
      if (message.port !== undefined) ready(message.port);
      else if (message.error !== undefined) failed(new InputError(message.error));
    });
    worker.on('error', failed);
  });
}

async function main(): Promise<void> {
  const orders = JSON.parse(process.env['RUMPUS_TARGET'] ?? '{}') as TargetOrders;
  delete process.env['RUMPUS_TARGET'];
  const secret = randomBytes(16).toString('hex');
  const serving = serveInspector(secret, false, 0);
  const agent = await makeAgent(orders);
  defineGlobals(agent);
  Object.defineProperty(globalThis, AGENT, { value: new Door(agent) });
  const port = await serving;
  tell({ kind: 'ready', port, secret });
}

function tell(hello: Hello): void {
  process.send?.(hello);
}

main().catch((error: unknown) => {
  tell({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 2;
  process.disconnect?.();
});
