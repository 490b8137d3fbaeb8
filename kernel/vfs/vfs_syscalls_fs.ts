/**
 * System calls on open files' names and on whole file systems: open, mount and their kin. Follows
 * NetBSD sys/kern/vfs_syscalls.c.
 */

import { EINVAL, type Errno, isErrno } from '../kern/errno.ts';
import { DTYPE_VNODE } from '../kern/file.ts';
import { fd_putfile } from '../kern/kern_descrip.ts';
import { fd_abort, fd_affix, fd_allocfile, fd_set_exclose } from '../kern/kern_descrip_alloc.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { MaySleep } from '../maysleep.ts';
import { ALLPERMS, S_ISTXT } from './stat.ts';
import { FFLAGS, O_ACCMODE, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC } from './fcntl.ts';
import type { Statvfs } from './mount.ts';
import { FOLLOW, LOOKUP } from './namei.ts';
import { cwdinfo } from './vfs_cwd.ts';
import { fd_getvnode, namei_simple } from './vfs_getvnode.ts';
import { vfs_of } from './vfs_init.ts';
import { NDINIT } from './vfs_lookup.ts';
import { do_sys_mount, do_sys_sync, do_sys_unmount, dostatvfs } from './vfs_mount.ts';
import { vn_open } from './vfs_open.ts';
import { vrele } from './vfs_vnode.ts';
import { vnops } from './vfs_vnops.ts';
import type { Vnode } from './vnode.ts';

/** Flags of open(2) that an open file does not keep. */
const ONCE = O_CREAT | O_EXCL | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;

/** open(2): the lowest free descriptor. `mode`, for O_CREAT, is cut by the umask. */
export function* sys_open(
  l: Lwp,
  path: string,
  oflags: number,
  mode = 0o666,
): Generator<void, number | Errno, void> {
  if ((oflags & O_ACCMODE) === O_ACCMODE) return EINVAL;
  const flags = FFLAGS(oflags);
  const cmode = (O_CREAT & oflags) === 0 ? 0 : mode & ~cwdinfo(l.proc).cmask & ALLPERMS & ~S_ISTXT;
  const allocated = yield* fd_allocfile();
  if (isErrno(allocated)) return allocated;
  const { fp, fd } = allocated;
  const nd = NDINIT(LOOKUP, 0, path);
  const vp = yield* vn_open(nd, flags, cmode);
  if (isErrno(vp)) {
    yield* fd_abort(fp, fd);
    return vp;
  }
  fp.flag = flags & ~ONCE;
  fp.type = DTYPE_VNODE;
  fp.ops = vnops;
  fp.data = vp;
  if ((oflags & O_CLOEXEC) !== 0) fd_set_exclose(fd, 'exclose');
  yield* fd_affix(fp, fd);
  return fd;
}

/** creat(2). */
export function sys_creat(l: Lwp, path: string, mode: number): MaySleep<number | Errno> {
  return sys_open(l, path, O_CREAT | O_TRUNC | 1, mode);
}

/** mount(2): `data` is the file system's own arguments. */
export function sys_mount(
  _l: Lwp,
  type: string,
  path: string,
  flags = 0,
  data?: unknown,
): MaySleep<Errno | undefined> {
  return do_sys_mount(type, path, flags, data);
}

/** unmount(2). */
export function sys_unmount(_l: Lwp, path: string, flags = 0): MaySleep<Errno | undefined> {
  return do_sys_unmount(path, flags);
}

/** statvfs(2) of the file system that a path is on. */
export function* sys_statvfs(_l: Lwp, path: string): Generator<void, Statvfs | Errno, void> {
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  const st = yield* dostatvfs(vp.mount);
  yield* vrele(vp);
  return st;
}

/** fstatvfs(2). */
export function* sys_fstatvfs(_l: Lwp, fd: number): Generator<void, Statvfs | Errno, void> {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const st = yield* dostatvfs((fp.data as Vnode).mount);
  yield* fd_putfile(fd);
  return st;
}

/** getvfsstat(2): all mounted file systems. */
export function* sys_getvfsstat(l: Lwp): Generator<void, Statvfs[] | Errno, void> {
  const all: Statvfs[] = [];
  for (const mp of [...vfs_of(l.kernel).mountlist]) {
    const st = yield* dostatvfs(mp);
    if (!isErrno(st)) all.push(st);
  }
  return all;
}

/** sync(2). */
export function sys_sync(l: Lwp): MaySleep<void> {
  return do_sys_sync(l.kernel);
}
