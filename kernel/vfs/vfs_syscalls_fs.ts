/**
 * System calls on open files' names and on whole file systems: open, mount and their kin. Follows
 * NetBSD sys/kern/vfs_syscalls.c.
 */

import { done, handOn, takeDone } from '../hooks.ts';
import { EINVAL, type Errno, isErrno } from '../kern/errno.ts';
import { DTYPE_VNODE } from '../kern/file.ts';
import { fd_putfile } from '../kern/kern_descrip.ts';
import {
  type AllocatedFile,
  fd_abort,
  fd_allocfile,
  fd_set_exclose,
  fd_show,
} from '../kern/kern_descrip_alloc.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Going, MaySleep } from '../maysleep.ts';
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
export function sys_open(
  l: Lwp,
  path: string,
  oflags: number,
  mode = 0o666,
): MaySleep<number | Errno> {
  if ((oflags & O_ACCMODE) === O_ACCMODE) return done(EINVAL);
  const cmode = (O_CREAT & oflags) === 0 ? 0 : mode & ~cwdinfo(l.proc).cmask & ALLPERMS & ~S_ISTXT;
  const allocate = handOn(fd_allocfile());
  if (allocate !== undefined) return open_allocate(allocate, path, oflags, cmode);
  const allocated = takeDone<AllocatedFile | Errno>();
  return isErrno(allocated) ? done(allocated) : open_file(allocated, path, oflags, cmode);
}

/** open(2) when the slot has to be waited for. */
function* open_allocate(
  allocate: Going<AllocatedFile | Errno>,
  path: string,
  oflags: number,
  cmode: number,
): Generator<void, number | Errno, void> {
  const allocated = yield* allocate;
  return isErrno(allocated) ? allocated : yield* open_file(allocated, path, oflags, cmode);
}

/** Opens the file for a slot. */
function open_file(
  slot: AllocatedFile,
  path: string,
  oflags: number,
  cmode: number,
): MaySleep<number | Errno> {
  const open = handOn(vn_open(NDINIT(LOOKUP, 0, path), FFLAGS(oflags), cmode));
  if (open !== undefined) return open_wait(open, slot, oflags);
  const vp = takeDone<Vnode | Errno>();
  return isErrno(vp) ? open_undo(slot, vp) : done(open_affix(slot, oflags, vp));
}

/** open(2) when opening may sleep. */
function* open_wait(
  open: Going<Vnode | Errno>,
  slot: AllocatedFile,
  oflags: number,
): Generator<void, number | Errno, void> {
  const vp = yield* open;
  return isErrno(vp) ? yield* open_undo(slot, vp) : open_affix(slot, oflags, vp);
}

/** The file could not be opened. */
function* open_undo(slot: AllocatedFile, error: Errno): Generator<void, Errno, void> {
  yield* fd_abort(slot.fp, slot.fd);
  return error;
}

/** Shows the open file to the process. */
function open_affix(slot: AllocatedFile, oflags: number, vp: Vnode): number {
  const { fp, fd } = slot;
  fp.flag = FFLAGS(oflags) & ~ONCE;
  fp.type = DTYPE_VNODE;
  fp.ops = vnops;
  fp.data = vp;
  if ((oflags & O_CLOEXEC) !== 0) fd_set_exclose(fd, 'exclose');
  fd_show(fp, fd);
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
