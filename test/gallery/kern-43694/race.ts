/**
 * One iteration of the test for kern/43694: one LWP writes to a descriptor while another closes
 * it and opens it again.
 */

import { type MaySleep, type Sys, SysError } from 'rumpus';

/**
 * The write may find the descriptor open, closed or open again; nothing may break. Gives what is
 * open in the end.
 */
export function* race(sys: Sys): Generator<void, readonly number[], void> {
  const [end, kept] = yield* sys.pipe();
  const fd = yield* sys.dup(kept);
  const writer = yield* sys._lwp_create(write, { sys, fd }, 0, 'writer');
  yield* sys.close(fd);
  const again = yield* sys.dup(kept);
  yield* sys._lwp_wait(writer);
  if (again !== fd) throw new Error(`descriptor ${fd} was closed, but dup() gave ${again}`);
  yield* sys.write(fd, 'still open');
  return [end, kept, fd];
}

function write({ sys, fd }: { sys: Sys; fd: number }): MaySleep<unknown> {
  return attempt(sys, fd);
}

function* attempt(sys: Sys, fd: number): Generator<void, void, void> {
  try {
    yield* sys.write(fd, 'x');
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'EBADF') throw error;
  }
}
