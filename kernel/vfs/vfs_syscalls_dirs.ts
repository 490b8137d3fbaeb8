/**
 * System calls on directories: where a process is, and what is in them. Follows NetBSD
 * sys/kern/vfs_syscalls.c and vfs_getcwd.c.
 */

import { done } from '../hooks.ts';
import { EBADF, EINVAL, ENOTDIR, EPERM, type Errno, isErrno } from '../kern/errno.ts';
import { FREAD } from '../kern/file.ts';
import { fd_putfile } from '../kern/kern_descrip.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { MaySleep } from '../maysleep.ts';
import { type Dirent, DirUio } from './dirent.ts';
import { suser } from './genfs.ts';
import { FOLLOW } from './namei.ts';
import { ACCESSPERMS } from './stat.ts';
import { cwd_setdir, cwd_setroot, cwdinfo } from './vfs_cwd.ts';
import { fd_getvnode, namei_simple } from './vfs_getvnode.ts';
import { vref, vrele } from './vfs_vnode.ts';
import { vn_lock } from './vfs_vnops.ts';
import { LK_EXCLUSIVE, LK_RETRY, LK_SHARED, VDIR, VEXEC, type Vnode } from './vnode.ts';
import { VOP_ACCESS, VOP_READDIR, VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** Bytes of entries that getdents(2) gives unless told otherwise. */
const GETDENTS_BYTES = 4096;

/** Whether the LWP may go to a directory. Errors: ENOTDIR, EACCES. */
function* change_dir(l: Lwp, vp: Vnode): Status {
  if (vp.type !== VDIR) return ENOTDIR;
  yield* vn_lock(vp, LK_SHARED | LK_RETRY);
  const error = yield* VOP_ACCESS(vp, VEXEC, l.proc.cred);
  VOP_UNLOCK(vp);
  return error;
}

/** chdir(2). */
export function* sys_chdir(l: Lwp, path: string): Status {
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  return yield* set_cdir(l, vp);
}

/** fchdir(2). */
export function* sys_fchdir(l: Lwp, fd: number): Status {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const vp = fp.data as Vnode;
  vref(vp);
  yield* fd_putfile(fd);
  return yield* set_cdir(l, vp);
}

/** Makes `vp`, whose reference is handed over, the current directory. */
function* set_cdir(l: Lwp, vp: Vnode): Status {
  const error = yield* change_dir(l, vp);
  if (error !== undefined) {
    yield* vrele(vp);
    return error;
  }
  yield* vrele(cwd_setdir(cwdinfo(l.proc), vp));
  return undefined;
}

/** chroot(2), for the superuser; the current directory becomes the new root as well. */
export function* sys_chroot(l: Lwp, path: string): Status {
  if (!suser(l.proc.cred)) return EPERM;
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  const error = yield* change_dir(l, vp);
  if (error !== undefined) {
    yield* vrele(vp);
    return error;
  }
  const cwdi = cwdinfo(l.proc);
  vref(vp);
  const root = cwd_setroot(cwdi, vp);
  if (root !== null) yield* vrele(root);
  yield* vrele(cwd_setdir(cwdi, vp));
  return undefined;
}

/** umask(2): gives the old one. */
export function sys_umask(l: Lwp, mask: number): MaySleep<number> {
  const cwdi = cwdinfo(l.proc);
  const old = cwdi.cmask;
  cwdi.cmask = mask & ACCESSPERMS;
  return done(old);
}

/**
 * getdents(2): the next entries of a directory, as many as fit into `bytes`; none at its end.
 * Errors: EBADF, EINVAL for what is no directory, or when not even one entry fits.
 */
export function* sys_getdents(
  l: Lwp,
  fd: number,
  bytes = GETDENTS_BYTES,
): Generator<void, Dirent[] | Errno, void> {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const vp = fp.data as Vnode;
  let result: Dirent[] | Errno;
  if ((fp.flag & FREAD) === 0) result = EBADF;
  else if (vp.type !== VDIR || !(bytes >= 0)) result = EINVAL;
  else {
    yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
    const uio = new DirUio(fp.offset, bytes);
    const error = yield* VOP_READDIR(vp, uio, l.proc.cred);
    fp.offset = uio.offset;
    VOP_UNLOCK(vp);
    result = error ?? uio.entries;
  }
  yield* fd_putfile(fd);
  return result;
}
