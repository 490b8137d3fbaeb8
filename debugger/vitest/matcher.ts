/**
 * expect(error).toHaveErrno('EEXIST'): the error of a system call, which says where its errno was
 * made when it is another one.
 */

import { expect } from 'vitest';
import { SysError } from '../../kernel/index.ts';
import { originLines } from './failure.ts';

/** Matchers that rumpus/vitest adds to `expect`. */
export interface ErrnoMatchers<R = unknown> {
  /** A SysError with this errno, made by a function or in a file that matches `origin`. */
  toHaveErrno(code: string, origin?: RegExp): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: merges with vitest's own declaration
  interface Matchers<T = any> extends ErrnoMatchers<T> {}
}

/** Adds the matchers; vitest has one `expect` for each test file. */
export function installMatchers(): void {
  expect.extend({
    toHaveErrno(received: unknown, code: string, origin?: RegExp) {
      if (!(received instanceof SysError)) {
        const message = () =>
          `expected the error of a system call with ${code}, got ${String(received)}`;
        return { pass: false, message };
      }
      const where = originLines(received);
      const pass = received.code === code && (origin?.test(where.join('\n')) ?? true);
      const wanted = origin === undefined ? code : `${code} made at ${origin}`;
      const not = this.isNot ? 'not ' : '';
      const text = [`expected ${received.message} ${not}to be ${wanted}`, ...where].join('\n  ');
      return { pass, message: () => text, actual: received.code, expected: code };
    },
  });
}
