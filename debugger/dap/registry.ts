/**
 * Numbers that a client holds for frames and values. A number is never used twice in a session,
 * so one from before a move is recognised, and refused in a sentence.
 *
 * A frame is remembered as its LWP and its place in the stack: when the target has been elsewhere
 * and is back at the same moment, its stack is the same one, and frames are found again.
 */

import type { FrameInfo, Target } from '../target/index.ts';
import { DapError } from './errors.ts';

interface FramePlace {
  readonly lwp: number;
  readonly index: number;
}

/** Largest number that the protocol allows. */
const LARGEST = 2 ** 31 - 1;

export class Registry {
  #next = 1;
  readonly #frames = new Map<number, FramePlace>();
  readonly #frameIds = new Map<string, number>();
  readonly #handles = new Map<number, number>();
  readonly #handleIds = new Map<number, number>();
  readonly #stacks = new Map<number, Promise<readonly FrameInfo[]>>();

  /** Forgets everything: the target moves. */
  clear(): void {
    this.#frames.clear();
    this.#frameIds.clear();
    this.forgetValues();
  }

  /** Forgets what does not survive that the target was elsewhere and is back. */
  forgetValues(): void {
    this.#handles.clear();
    this.#handleIds.clear();
    this.#stacks.clear();
  }

  /** The stack of an LWP, asked for once between two moves. */
  stack(target: Target, lwp: number): Promise<readonly FrameInfo[]> {
    const known = this.#stacks.get(lwp);
    if (known !== undefined) return known;
    const stack = target.stack(lwp);
    this.#stacks.set(lwp, stack);
    stack.catch(() => this.#stacks.delete(lwp));
    return stack;
  }

  /** Forgets stacks, because something was written. */
  forgetStacks(): void {
    this.#stacks.clear();
  }

  /** The number of a frame, for the client. */
  frameId(lwp: number, index: number): number {
    const key = `${lwp}:${index}`;
    const known = this.#frameIds.get(key);
    if (known !== undefined) return known;
    const id = this.#number();
    this.#frameIds.set(key, id);
    this.#frames.set(id, { lwp, index });
    return id;
  }

  /** The frame that a client means. */
  async frame(target: Target, id: number): Promise<FrameInfo> {
    const place = this.#frames.get(id);
    const frame = place && (await this.stack(target, place.lwp))[place.index];
    if (frame !== undefined) return frame;
    throw new DapError('unknown', `There is no frame ${id} here: the program has moved since.`);
  }

  /** The number of a value's inside, for the client; 0 stays 0. */
  reference(handle: number): number {
    if (handle === 0) return 0;
    const known = this.#handleIds.get(handle);
    if (known !== undefined) return known;
    const id = this.#number();
    this.#handleIds.set(handle, id);
    this.#handles.set(id, handle);
    return id;
  }

  /** The target's handle that a client means. */
  handle(reference: number): number {
    const handle = this.#handles.get(reference);
    if (handle !== undefined) return handle;
    throw new DapError(
      'unknown',
      `There is no value ${reference} here: the program has moved since.`,
    );
  }

  #number(): number {
    const id = this.#next;
    this.#next = id === LARGEST ? 1 : id + 1;
    return id;
  }
}
