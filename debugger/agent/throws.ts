/**
 * Throws: the engine pauses at each while somebody wants to know of them; the debugger asks
 * whether to go on (`atThrow`), because only it can resume the engine.
 *
 * What leaves an LWP's outermost function ends the run when its frames are gone. So the run is made
 * again with the throws of its last stretch collected, and once more up to the one that did it
 * (DESIGN.md, decision 11).
 */

import type { Debugger, Runtime } from 'node:inspector';
import type { Inspector } from '../../corefiles/index.ts';
import type { ExceptionRequest } from '../target/target.ts';
import type { Order } from './protocol.ts';

/** Whether the engine goes on after a throw. */
export type AfterThrow = 'go on' | 'stop';

export class Throws {
  readonly #inspector: Inspector;
  #collected: unknown[] = [];
  #seen = 0;
  #pausing = false;
  /** What was thrown last. */
  thrown: unknown;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** A new order: nothing is collected yet. */
  begin(): void {
    this.#collected = [];
    this.#seen = 0;
  }

  /** Has the engine pause at throws, or no longer. */
  arm(order: Order, { throws = 'never' }: ExceptionRequest): void {
    const wanted = order.throws !== null || (order.breakpoints && throws !== 'never');
    if (wanted === this.#pausing) return;
    this.#pausing = wanted;
    const state = wanted ? 'all' : 'none';
    this.#inspector.post('Debugger.setPauseOnExceptions', { state });
  }

  disarm(): void {
    if (this.#pausing) this.#inspector.ignoreThrows();
    this.#pausing = false;
  }

  /** The engine paused at a throw. */
  note({ data }: Debugger.PausedEventDataType): void {
    const object = data as Runtime.RemoteObject | undefined;
    if (object?.objectId === undefined) this.thrown = object?.value;
    else this.thrown = this.#inspector.live([object.objectId])[0];
  }

  /** For an order about throws: whether this is the one. */
  isWanted(order: Order): boolean {
    const number = this.#seen++;
    if (order.throws === 'collect') this.#collected.push(this.thrown);
    return number === order.throws;
  }

  /** The first throw of what ended the run, among those collected. */
  culprit(error: unknown): number {
    return this.#collected.indexOf(error);
  }
}

/** What was thrown, in a line. */
export function thrownLine(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'a value was thrown';
  return `${thrown.name}: ${thrown.message}`.split('\n')[0];
}
