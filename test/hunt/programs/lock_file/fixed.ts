/** A lock file that open(2) makes only if it is not there. */

import {
  AtomicUint,
  atomic_inc_uint,
  O_CREAT,
  O_EXCL,
  O_RDWR,
  program,
  type Sys,
  SysError,
} from 'rumpus';
import { several, threads } from '../kit.ts';

const LOCK = '/lock';

function* lock(sys: Sys, owners: AtomicUint): Generator<void, void, void> {
  try {
    const fd = yield* sys.open(LOCK, O_CREAT | O_EXCL | O_RDWR, 0o644);
    yield* sys.close(fd);
    atomic_inc_uint(owners);
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== 'EEXIST') throw error;
  }
}

export default program(function* main(sys) {
  const owners = new AtomicUint(0);
  yield* threads(several('locker', 2, () => lock(sys, owners)));
  if (owners.value !== 1) throw new Error(`lock file: ${owners.value} own it`);
});
