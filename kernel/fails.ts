/**
 * fails(): a system call of a program that is to fail.
 *
 * Example  const error = yield* fails(() => sys.open('/nowhere', O_RDONLY));
 */

import { SysError } from './kern/syserror.ts';
import type { MaySleep } from './maysleep.ts';

/**
 * Makes the call and gives the error that it failed with. Succeeding, or failing with anything
 * but an errno, is an error of the program.
 */
export function* fails(call: () => MaySleep<unknown>): Generator<void, SysError, void> {
  let value: unknown;
  try {
    value = yield* call();
  } catch (error) {
    if (error instanceof SysError) return error;
    throw error;
  }
  throw new Error(`the system call was to fail, but gave ${String(value)}`);
}
