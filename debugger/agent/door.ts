/**
 * What the debugger finds in the target's process: the agent's orders and questions by their names,
 * under one global name, and what expressions may name besides the frame's variables.
 */

import * as rumpus from '../../kernel/index.ts';
import { hooks } from '../../kernel/index.ts';
import type { Agent } from './agent.ts';
import { DataQuestions } from './data/index.ts';
import { AGENT } from './protocol.ts';
import { Questions } from './questions.ts';
import { describeLive } from './values/index.ts';

/** The agent as the debugger finds it in the target. */
export class Door {
  readonly agent: Agent;
  readonly questions: Questions;
  readonly data: DataQuestions;
  readonly #orders: Record<string, (...given: never[]) => unknown>;
  /** Evaluations that are under way. */
  #quiet = 0;

  /** Called once, when it is to run. */
  readonly run: () => void;

  constructor(agent: Agent, run: () => void) {
    this.agent = agent;
    this.run = run;
    this.questions = new Questions(agent);
    this.data = new DataQuestions(agent, this.questions);
    this.#orders = ordersOf(agent);
    agent.onMove = () => this.questions.moved();
  }

  /** An order, or a question; its answer, or why there is none, as JSON. */
  ask(name: string, parameters: readonly unknown[]): string {
    try {
      return JSON.stringify({ value: this.#answer(name, parameters) ?? null });
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Several, in their order. */
  askAll(asked: readonly (readonly [string, readonly unknown[]])[]): string[] {
    return asked.map(([name, parameters]) => this.ask(name, parameters));
  }

  #answer(name: string, parameters: readonly unknown[]): unknown {
    const order = this.#orders[name];
    if (order !== undefined) return order.apply(this.agent, parameters as never[]);
    const owner = name in this.data ? this.data : this.questions;
    const question = (owner as unknown as Record<string, unknown>)[name];
    if (typeof question !== 'function') throw new Error(`the target knows no '${name}'`);
    // Nothing that an answer takes is counted, and nothing can stop it.
    hooks.pause(0, 0);
    try {
      return question.apply(owner, parameters);
    } finally {
      hooks.resume();
    }
  }

  /** How far the run is; asked while it runs. */
  icount(): number {
    return hooks.icount;
  }

  /** While something is evaluated nothing is counted, and nothing can stop it. */
  quiet(on: boolean): void {
    if (on) hooks.pause(0, 0);
    else hooks.resume();
    this.#quiet += on ? 1 : -1;
  }

  /** The debugger is gone, be it in the middle of a question. */
  leave(): void {
    while (this.#quiet > 0) this.quiet(false);
    this.agent.leave();
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

/** What sets the counters' stops, and so must not find them put aside. */
function ordersOf(agent: Agent): Record<string, (...given: never[]) => unknown> {
  const { order, where, findBack, startOf, interrupt, intervene, attach, halt } = agent;
  const { outOfMemory, setBreakpoints, setExceptions, mustCount, atThrow } = agent;
  return {
    ...{ order, where, findBack, startOf, interrupt, intervene, attach, halt },
    ...{ outOfMemory, setBreakpoints, setExceptions, mustCount, atThrow },
    setSkip: (patterns: readonly string[]) => agent.flags.setSkip(patterns),
    interventions: () => agent.data.withSights(agent.timeline.interventions),
  };
}

/** Makes the agent known to the debugger. `run` has it run, as a rule there and then for good. */
export function openDoor(agent: Agent, run: () => void = () => agent.loop()): void {
  defineGlobals(agent);
  Object.defineProperty(globalThis, AGENT, { configurable: true, value: new Door(agent, run) });
}

/** Globals for expressions that are evaluated: what they name is looked up in the running world. */
function defineGlobals(agent: Agent): void {
  const define = (name: string, get: () => unknown) =>
    Object.defineProperty(globalThis, name, { configurable: true, enumerable: false, get });
  define('kernel', () => agent.world?.kernels[0]);
  define('kernels', () => agent.world?.kernels);
  define('world', () => agent.world);
  define('lwp', () => (id: number) => agent.world?.lwps[id]);
  // The engine takes it for a side effect to read an import, or a name of a namespace.
  const [names, counters] = [{ ...rumpus }, hooks];
  define('rumpus', () => names);
  define('$icount', () => counters.icount);
}
