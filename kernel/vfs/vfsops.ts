/**
 * Making a vfsops record: what a file system leaves out does nothing, or is not supported.
 * Follows NetBSD sys/miscfs/genfs/genfs_vfsops.c and sys/kern/vfs_subr.c (vfs_stdsync).
 */

import { done } from '../hooks.ts';
import { EOPNOTSUPP, type Errno } from '../kern/errno.ts';
import { mutex_enter, mutex_exit } from '../kern/kern_mutex.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Mount, VfsOps } from './mount.ts';

function vfs_null(): MaySleep<undefined> {
  return done(undefined);
}

function vfs_eopnotsupp(): MaySleep<Errno> {
  return done(EOPNOTSUPP);
}

/** Renames of a mount happen one at a time. */
export function genfs_renamelock_enter(mp: Mount): MaySleep<void> {
  return mutex_enter(mp.renamelock);
}

/** Lets the next rename begin. */
export function genfs_renamelock_exit(mp: Mount): void {
  mutex_exit(mp.renamelock);
}

const defaults = {
  start: vfs_null,
  statvfs: vfs_null,
  sync: vfs_null,
  vget: vfs_eopnotsupp,
  loadvnode: vfs_eopnotsupp,
  newvnode: vfs_eopnotsupp,
  renamelock_enter: genfs_renamelock_enter,
  renamelock_exit: genfs_renamelock_exit,
};

type Needed = Pick<VfsOps, 'name' | 'mount' | 'unmount' | 'root'>;

/** Makes the operations of a file system type. */
export function vfsops(own: Partial<VfsOps> & Needed): VfsOps {
  return { ...defaults, ...own };
}
