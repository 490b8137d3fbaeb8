/** Breakpoints of a client that has no other list of them: numbered from 1, never twice. */

import type { Breakpoint, BreakpointRequest, ExceptionRequest, Target } from '../target/index.ts';
import type { BreakpointKeeper, KeptBreakpoint } from './types.ts';

export class OwnBreakpoints implements BreakpointKeeper {
  readonly #target: Target;
  #kept: KeptBreakpoint[] = [];
  #next = 1;
  exceptions: ExceptionRequest = {};

  constructor(target: Target) {
    this.#target = target;
  }

  list(): readonly KeptBreakpoint[] {
    return this.#kept;
  }

  async add(wish: Omit<BreakpointRequest, 'id'>): Promise<KeptBreakpoint> {
    const request = { ...wish, id: this.#next++ };
    await this.#apply([...this.#kept.map((one) => one.request), request]);
    return this.#kept[this.#kept.length - 1];
  }

  async remove(id: number): Promise<boolean> {
    const left = this.#kept.filter(({ request }) => request.id !== id);
    if (left.length === this.#kept.length) return false;
    await this.#apply(left.map(({ request }) => request));
    return true;
  }

  async setExceptions(request: ExceptionRequest): Promise<void> {
    await this.#target.setExceptions(request);
    this.exceptions = request;
  }

  /** The target found out more about one. */
  changed(breakpoint: Breakpoint): void {
    this.#kept = this.#kept.map((one) =>
      one.request.id === breakpoint.id ? { ...one, breakpoint } : one,
    );
  }

  async #apply(requests: readonly BreakpointRequest[]): Promise<void> {
    const answers = await this.#target.setBreakpoints(requests);
    this.#kept = requests.map((request) => {
      const found = answers.find(({ id }) => id === request.id);
      const unknown = { id: request.id, verified: false, place: null, message: 'it was not taken' };
      return { request, breakpoint: found ?? unknown };
    });
  }
}
