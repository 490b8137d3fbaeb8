/**
 * Resuming an LWP at its innermost generator (DESIGN.md, decision 1).
 *
 * A call is a native `yield*` whose generator was pushed on the frame list. When the innermost
 * generator, resumed directly, returns, its caller is still suspended in its `yield*`: resuming
 * the caller asks the finished generator again, which answers "done, undefined", and $h.ret()
 * replaces that by the value in the slot. A throw goes the same way through `throw()`.
 *
 * Code that was not instrumented has pushed only its outermost frame; then this resumes just that,
 * and the native chain does the rest.
 */

import { type Frame, hooks } from '../hooks.ts';

/**
 * Called as functions: each generator function gives its generators a prototype of its own, so a
 * look-up of `next` on them is as slow as look-ups get.
 */
const GENERATOR = Object.getPrototypeOf(finished.prototype) as Frame;
const { next: nextOf, throw: throwInto } = GENERATOR;

/** What the engine says of `yield*` and a value that is no generator. */
const NOT_ITERABLE = /^yield\* .* is not iterable$/;

/** How an LWP left the processor. */
export const YIELDED = 0;
export const RETURNED = 1;
export type Resumed = 0 | 1;

/** The value its outermost generator returned, after RETURNED. */
export const returned: { value: unknown } = { value: undefined };

/**
 * Runs the LWP whose registers are loaded until it yields or returns.
 * Throws what its outermost generator throws.
 */
export function resumeInnermost(): Resumed {
  const frames = hooks.frames;
  let index = hooks.fp - 1;
  for (;;) {
    let result: IteratorResult<void, unknown>;
    hooks.base = index;
    try {
      result = nextOf.call(frames[index]);
    } catch (error) {
      explain(error);
      index = unwind(frames, index, error);
      if (index < 0) return YIELDED;
      continue;
    }
    if (result.done !== true) return YIELDED;
    if (index === 0) {
      hooks.fp = 0;
      returned.value = result.value;
      return RETURNED;
    }
    hooks.slot = result.value;
    hooks.direct = true;
    hooks.fp = index + 1;
    index--;
  }
}

/**
 * Says what `yield*` was given. The engine describes the expression that the compiler made of it,
 * which nobody wrote. The value is the innermost frame, unless a handler has already dropped it.
 */
function explain(error: unknown): void {
  if (!(error instanceof TypeError) || !NOT_ITERABLE.test(error.message)) return;
  const value: unknown = hooks.frames[hooks.fp - 1];
  const plain = typeof value === 'object' && value !== null;
  const what = plain ? 'a plain value' : value == null ? String(value) : `a ${typeof value}`;
  error.message = `yield* was given ${what}: only what may sleep is called with yield*`;
}

/**
 * Throws `error` into the callers of frames[index], innermost first, until one handles it.
 * Gives the index to go on resuming from, or -1 when the handler yielded.
 */
function unwind(frames: Frame[], from: number, first: unknown): number {
  let error = first;
  for (let index = from - 1; index >= 0; index--) {
    hooks.direct = false;
    hooks.slot = undefined;
    hooks.pd = 0;
    hooks.fp = index + 1;
    hooks.base = index;
    try {
      const result = throwInto.call(frames[index], error);
      if (result.done !== true) return -1;
      if (index === 0) return finishRoot(frames, result.value);
      hooks.slot = result.value;
      hooks.direct = true;
      hooks.fp = index + 1;
      return index - 1;
    } catch (next) {
      error = next;
    }
  }
  hooks.fp = 0;
  throw error;
}

/** The outermost generator returned from a handler: make the main loop see it as returned. */
function finishRoot(frames: Frame[], value: unknown): number {
  frames[0] = finished(value);
  return 0;
}

function* finished(value: unknown): Frame {
  return value;
}
