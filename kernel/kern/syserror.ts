/**
 * What a program catches when a system call fails.
 */

import type { ErrnoOrigin } from '../world/errnolog.ts';
import type { Errno } from './errno.ts';
import type { Lwp } from './lwp.ts';

export class SysError extends Error {
  override name = 'SysError';
  /** `ENOENT` and so on. */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  /** Where the errno was made: statement, icount, stack. Undefined in code not instrumented. */
  readonly origin: ErrnoOrigin | undefined;

  constructor(error: Errno, syscall: string, args: readonly unknown[], l: Lwp, since: number) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const path = args.find((arg) => typeof arg === 'string');
    super(`${error.code}: ${error.text}, ${syscall}${path === undefined ? '' : ` '${path}'`}`);
    Error.stackTraceLimit = limit;
    this.code = error.code;
    this.errno = error.errno;
    this.syscall = syscall;
    this.origin = l.kernel.world.errnos?.find(error, l.id, since);
  }
}
