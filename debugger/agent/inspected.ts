/**
 * A run in this very process that a debugger may attach to, leave, and attach to again.
 *
 *   const { run, isDiversion } = await runInspected(loaded, spec, { port: 0, wait: false, … });
 *
 * While nobody is attached it runs as any other, and its end is the end. If it ends while somebody
 * is, it stands at its end until the debugger leaves, who may have gone back and run on until then.
 */

import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { loadMapsOf } from '../../tracer/index.ts';
import { builtFiles } from '../print/print.ts';
import type { Execution } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import { Agent } from './agent.ts';
import { openDoor } from './door.ts';
import { forgetListening, noteListening } from './listening.ts';
import { serveInspector } from './serve.ts';
import { Timeline } from './timeline.ts';

export interface InspectedOptions {
  /** Where debuggers attach; 0 for any port that is free. */
  readonly port: number;
  /** Nothing runs before a debugger is there. */
  readonly start: 'at once' | 'with a debugger';
  /** Told before anything runs. */
  listening(port: number): void;
  /** What the program says, each once however often the debugger goes back. */
  said(kind: 'console' | 'dprintf', text: string): void;
}

export interface InspectedRun {
  readonly run: Execution;
  /** Something was written with the debugger: the run cannot be had again. */
  readonly isDiversion: boolean;
}

/** How often a process that waits looks whether its debugger is there, ms. */
const LOOK_MS = 20;

/** Errors: InputError, for a port that cannot be listened at; whatever execute() throws. */
export async function runInspected(
  loaded: LoadedProgram,
  spec: RunSpec,
  options: InspectedOptions,
): Promise<InspectedRun> {
  // As every target's process: see target/process/connection.ts.
  setFlagsFromString('--no-concurrent-recompilation');
  loadMapsOf(builtFiles());
  const agent = new Agent(loaded, (print) => new Timeline(loaded, spec, null, print), false);
  agent.output.echo = options.said;
  if (options.start === 'at once') agent.leave();
  else agent.attached = false;
  openDoor(agent);
  const secret = randomBytes(16).toString('hex');
  const { port, worker } = await serveInspector({ secret, survives: true, port: options.port });
  const forget = () => forgetListening(port, secret);
  process.once('exit', forget);
  try {
    noteListening(port, { secret, program: loaded.file, pid: process.pid });
    options.listening(port);
    if (options.start === 'with a debugger') waitForDebugger(agent);
    agent.loop();
  } finally {
    forget();
    process.off('exit', forget);
    await worker.terminate();
    agent.inspector.close();
    agent.timeline.host.closeAll();
  }
  return resultOf(agent);
}

/** The debugger attaches by an evaluation that interrupts this. */
function waitForDebugger(agent: Agent): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!agent.attached) Atomics.wait(never, 0, 0, LOOK_MS);
}

function resultOf(agent: Agent): InspectedRun {
  const { failure, finished, output, timeline } = agent;
  if (finished === null || failure !== null) throw failure;
  return {
    run: { ...finished, console: output.text },
    isDiversion: timeline.interventions.length > 0,
  };
}
