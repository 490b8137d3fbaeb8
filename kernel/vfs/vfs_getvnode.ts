/**
 * What the file system calls begin with: a vnode by name or by descriptor. Follows NetBSD
 * sys/kern/vfs_syscalls.c (namei_simple_user, fd_getvnode).
 */

import { EBADF, EINVAL, EROFS, type Errno } from '../kern/errno.ts';
import { DTYPE_VNODE, type File } from '../kern/file.ts';
import { fd_getfile, fd_putfile } from '../kern/kern_descrip.ts';
import { done } from '../hooks.ts';
import type { Cred } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
import { MNT_RDONLY } from './mount.ts';
import { LOOKUP } from './namei.ts';
import { NDINIT, namei } from './vfs_lookup.ts';
import { vn_lock } from './vfs_vnops.ts';
import { LK_EXCLUSIVE, LK_RETRY, type VAttr, type Vnode } from './vnode.ts';
import { VOP_SETATTR, VOP_UNLOCK } from './vnode_if.ts';

/** The vnode of a path, referenced; locked if `flags` has LOCKLEAF. */
export function* namei_simple(path: string, flags: number): Generator<void, Vnode | Errno, void> {
  const nd = NDINIT(LOOKUP, flags, path);
  const error = yield* namei(nd);
  return error ?? nd.vp!;
}

/** The open file of a descriptor that is a vnode; goes back with fd_putfile(). EBADF, EINVAL. */
export function* fd_getvnode(fd: number): Generator<void, File | Errno, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  if (fp.type === DTYPE_VNODE) return fp;
  yield* fd_putfile(fd);
  return EINVAL;
}

/** Changes attributes of a referenced vnode. Errors: EROFS, and the file system's. */
export function* vn_setattr(
  vp: Vnode,
  va: VAttr,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  const error = yield* vn_setattr_locked(vp, va, cred);
  VOP_UNLOCK(vp);
  return error;
}

/** The same of a vnode that is locked exclusively. */
export function vn_setattr_locked(vp: Vnode, va: VAttr, cred: Cred): Status {
  return (vp.mount.flag & MNT_RDONLY) !== 0 ? done(EROFS) : VOP_SETATTR(vp, va, cred);
}

/** The status of an operation on a file, as a type. */
export type Status = MaySleep<Errno | undefined>;
