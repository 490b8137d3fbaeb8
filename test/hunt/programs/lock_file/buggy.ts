/**
 * A lock file: Bishop and Dilger, "Checking for race conditions in file accesses" (Computing
 * Systems 9(2), 1996); access(2) and open(2) warn of it.
 *
 * Bug      stat(2) says that the file is not there, and open(2) makes it, without O_EXCL.
 * Needs    One preemption, between the two system calls. No data race in the program.
 */

import {
  AtomicUint,
  atomic_inc_uint,
  expectVerdict,
  O_CREAT,
  O_RDWR,
  program,
  type Sys,
  SysError,
} from 'rumpus';
import { several, threads } from '../kit.ts';

const LOCK = '/lock';

function* exists(sys: Sys, path: string): Generator<void, boolean, void> {
  try {
    yield* sys.stat(path);
    return true;
  } catch (error) {
    if (error instanceof SysError && error.code === 'ENOENT') return false;
    throw error;
  }
}

function* lock(sys: Sys, owners: AtomicUint): Generator<void, void, void> {
  if (yield* exists(sys, LOCK)) return;
  const fd = yield* sys.open(LOCK, O_CREAT | O_RDWR, 0o644);
  yield* sys.close(fd);
  atomic_inc_uint(owners);
}

const expect = expectVerdict('program-error', /lock file: \d own it/);

export default program({ expect }, function* main(sys) {
  const owners = new AtomicUint(0);
  yield* threads(several('locker', 2, () => lock(sys, owners)));
  if (owners.value !== 1) throw new Error(`lock file: ${owners.value} own it`);
});
