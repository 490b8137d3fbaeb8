/** The search for the superblock as it was: the first error ends it. */

import {
  EINVAL,
  type Errno,
  Fs,
  ffs_trysuperblock,
  isErrno,
  SBLOCKSEARCH,
  type Vnode,
} from 'rumpus';

export function* oldFindSuperblock(devvp: Vnode): Generator<void, Fs | Errno, void> {
  for (const location of SBLOCKSEARCH) {
    const fs = yield* ffs_trysuperblock(devvp, location);
    if (isErrno(fs)) return fs;
    if (fs instanceof Fs) return fs;
  }
  return EINVAL;
}
