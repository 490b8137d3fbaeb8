/**
 * MaySleep<T>: what a function that may sleep returns, and what `yield*` turns into a T.
 *
 * Either a generator of kernel code, or `done(value)` (hooks.ts) when the answer is there without
 * sleeping: then no generator is made, which is what makes an uncontended mutex_enter() cheap.
 * A MaySleep that nobody runs is a bug, and is caught (hooks.ts, `made`).
 */

export interface MaySleep<T> {
  [Symbol.iterator](): Iterator<void, T, void>;
}

/** A call that was made, and that another function is going to run: see handOn() in hooks.ts. */
export interface Going<T> extends MaySleep<T> {
  readonly [Symbol.iterator]: MaySleep<T>[typeof Symbol.iterator];
}

/** The one "already done" answer; its value waits in the hooks until `yield*` takes it. */
export class Done {
  take: () => unknown = () => undefined;

  /** Only code that was not instrumented comes here. */
  [Symbol.iterator](): Iterator<void, unknown, void> {
    const value = this.take();
    return { next: () => ({ done: true, value }) };
  }
}

export const DONE = new Done();
