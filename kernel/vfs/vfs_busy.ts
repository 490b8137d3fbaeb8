/**
 * Being busy in a mount: vfs_busy(9). Follows NetBSD sys/kern/vfs_mount.c.
 */

import { EBUSY, ENOENT, type Errno } from '../kern/errno.ts';
import { RW_READER, rw_enter, rw_exit, rw_tryenter } from '../kern/kern_rwlock.ts';
import type { Mount } from './mount.ts';

/** vfs_busy(9): keeps the mount from being unmounted. Sleeps. Errors: ENOENT when it was. */
export function* vfs_busy(mp: Mount): Generator<void, Errno | undefined, void> {
  yield* rw_enter(mp.busyLock, RW_READER);
  if (!mp.gone) return undefined;
  rw_exit(mp.busyLock);
  return ENOENT;
}

/** vfs_trybusy(9): vfs_busy() if that needs no waiting. Errors: EBUSY, ENOENT. */
export function vfs_trybusy(mp: Mount): Errno | undefined {
  if (!rw_tryenter(mp.busyLock, RW_READER)) return EBUSY;
  if (!mp.gone) return undefined;
  rw_exit(mp.busyLock);
  return ENOENT;
}

/** vfs_unbusy(9). */
export function vfs_unbusy(mp: Mount): void {
  rw_exit(mp.busyLock);
}
