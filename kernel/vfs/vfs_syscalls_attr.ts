/**
 * System calls that read and change what a file is. Follows NetBSD sys/kern/vfs_syscalls.c.
 */

import { EBADF, EINVAL, EISDIR, EPERM, type Errno, isErrno } from '../kern/errno.ts';
import { FWRITE } from '../kern/file.ts';
import { fd_putfile } from '../kern/kern_descrip.ts';
import type { Lwp } from '../kern/lwp.ts';
import { Cred } from '../kern/proc.ts';
import { done, handOn, takeDone } from '../hooks.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { getnanotime } from '../kern/kern_time.ts';
import { R_OK, W_OK, X_OK } from './fcntl.ts';
import { FOLLOW, LOCKLEAF, LOCKSHARED, LOOKUP, type Nameidata, NOFOLLOW } from './namei.ts';
import { ALLPERMS, S_ISGID, S_ISUID, type Stat, UTIME_NOW, UTIME_OMIT } from './stat.ts';
import { fd_getvnode, namei_simple, vn_setattr, vn_setattr_locked } from './vfs_getvnode.ts';
import { NDINIT, namei } from './vfs_lookup.ts';
import { vput, vrele } from './vfs_vnode.ts';
import { vattr_to_stat, vn_lock, vn_stat, vn_writechk } from './vfs_vnops.ts';
import {
  LK_EXCLUSIVE,
  LK_RETRY,
  LK_SHARED,
  VA_UTIMES_NULL,
  VAttr,
  VDIR,
  VEXEC,
  vattr_null,
  VNOVAL,
  type Vnode,
  VREAD,
  VWRITE,
} from './vnode.ts';
import {
  VOP_ACCESS,
  VOP_FSYNC,
  VOP_GETATTR,
  VOP_PATHCONF,
  VOP_REVOKE,
  VOP_SETATTR,
  VOP_UNLOCK,
} from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** A user or group that chown(2) leaves as it is. */
const NOCHANGE = -1;

/** Changes attributes of the file of a path. */
function* set_path(l: Lwp, path: string, follow: number, va: VAttr): Status {
  const vp = yield* namei_simple(path, follow);
  if (isErrno(vp)) return vp;
  const error = yield* vn_setattr(vp, va, l.proc.cred);
  yield* vrele(vp);
  return error;
}

/** Changes attributes of an open file. Errors: EBADF, EINVAL for what is no vnode. */
function* set_fd(l: Lwp, fd: number, va: VAttr): Status {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const error = yield* vn_setattr(fp.data as Vnode, va, l.proc.cred);
  yield* fd_putfile(fd);
  return error;
}

function stat_path(path: string, follow: number): MaySleep<Stat | Errno> {
  const nd = NDINIT(LOOKUP, follow | LOCKLEAF | LOCKSHARED, path);
  const walk = handOn(namei(nd));
  if (walk !== undefined) return stat_walk(walk, nd);
  const error = takeDone<Errno | undefined>();
  return error === undefined ? stat_leaf(nd) : done(error);
}

/** stat_path() when the walk may sleep. */
function* stat_walk(
  walk: Going<Errno | undefined>,
  nd: Nameidata,
): Generator<void, Stat | Errno, void> {
  const error = yield* walk;
  return error ?? (yield* stat_leaf(nd));
}

/** The attributes of the file found; gives it back. */
function stat_leaf(nd: Nameidata): MaySleep<Stat | Errno> {
  const vp = nd.vp!;
  const va = new VAttr();
  const getattr = handOn(VOP_GETATTR(vp, va, nd.cnd.cred));
  if (getattr !== undefined) return stat_getattr(getattr, vp, va);
  const failed = takeDone<Errno | undefined>();
  const put = handOn(vput(vp));
  if (put !== undefined) return stat_put(put, failed ?? vattr_to_stat(va));
  takeDone();
  return done(failed ?? vattr_to_stat(va));
}

function* stat_getattr(
  getattr: Going<Errno | undefined>,
  vp: Vnode,
  va: VAttr,
): Generator<void, Stat | Errno, void> {
  const failed = yield* getattr;
  yield* vput(vp);
  return failed ?? vattr_to_stat(va);
}

function* stat_put(
  put: Going<undefined>,
  result: Stat | Errno,
): Generator<void, Stat | Errno, void> {
  yield* put;
  return result;
}

/** stat(2). */
export function sys_stat(_l: Lwp, path: string): MaySleep<Stat | Errno> {
  return stat_path(path, FOLLOW);
}

/** lstat(2). */
export function sys_lstat(_l: Lwp, path: string): MaySleep<Stat | Errno> {
  return stat_path(path, NOFOLLOW);
}

/** access(2): with the real user and group. Errors: EINVAL for an unknown `mode`. */
export function* sys_access(l: Lwp, path: string, mode: number): Status {
  if ((mode & ~(R_OK | W_OK | X_OK)) !== 0) return EINVAL;
  const cred = Object.assign(new Cred(), l.proc.cred);
  cred.euid = cred.uid;
  cred.egid = cred.gid;
  const nd = NDINIT(LOOKUP, FOLLOW | LOCKLEAF | LOCKSHARED, path);
  nd.cnd.cred = cred;
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const vp = nd.vp!;
  const denied = yield* check_access(vp, mode, cred);
  yield* vput(vp);
  return denied;
}

function* check_access(vp: Vnode, mode: number, cred: Cred): Status {
  if (mode === 0) return undefined;
  let accmode = 0;
  if ((mode & R_OK) !== 0) accmode |= VREAD;
  if ((mode & W_OK) !== 0) accmode |= VWRITE;
  if ((mode & X_OK) !== 0) accmode |= VEXEC;
  const error = yield* VOP_ACCESS(vp, accmode, cred);
  return error ?? ((mode & W_OK) !== 0 ? vn_writechk(vp) : undefined);
}

/** chmod(2). */
export function sys_chmod(l: Lwp, path: string, mode: number): Status {
  return set_path(l, path, FOLLOW, mode_attr(mode));
}

/** lchmod(2): of a symbolic link itself. */
export function sys_lchmod(l: Lwp, path: string, mode: number): Status {
  return set_path(l, path, NOFOLLOW, mode_attr(mode));
}

/** fchmod(2). */
export function sys_fchmod(l: Lwp, fd: number, mode: number): Status {
  return set_fd(l, fd, mode_attr(mode));
}

function mode_attr(mode: number): VAttr {
  return vattr_null(undefined, mode & ALLPERMS);
}

/** chown(2); -1 leaves the user or the group. */
export function sys_chown(l: Lwp, path: string, uid: number, gid: number): Status {
  return chown_path(l, path, FOLLOW, uid, gid);
}

/** lchown(2): of a symbolic link itself. */
export function sys_lchown(l: Lwp, path: string, uid: number, gid: number): Status {
  return chown_path(l, path, NOFOLLOW, uid, gid);
}

function* chown_path(l: Lwp, path: string, follow: number, uid: number, gid: number): Status {
  const vp = yield* namei_simple(path, follow);
  if (isErrno(vp)) return vp;
  const error = yield* change_owner(vp, uid, gid, l.proc.cred);
  yield* vrele(vp);
  return error;
}

/** fchown(2). */
export function* sys_fchown(l: Lwp, fd: number, uid: number, gid: number): Status {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const error = yield* change_owner(fp.data as Vnode, uid, gid, l.proc.cred);
  yield* fd_putfile(fd);
  return error;
}

/** change_owner(): the set-user-id bit goes with the user, the set-group-id bit with the group. */
function* change_owner(vp: Vnode, uid: number, gid: number, cred: Cred): Status {
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  const now = new VAttr();
  let error = yield* VOP_GETATTR(vp, now, cred);
  if (error === undefined) {
    const va = vattr_null();
    if (uid !== NOCHANGE) va.uid = uid >>> 0;
    if (gid !== NOCHANGE) va.gid = gid >>> 0;
    const lost = (uid === NOCHANGE ? 0 : S_ISUID) | (gid === NOCHANGE ? 0 : S_ISGID);
    if ((now.mode & lost) !== 0) va.mode = now.mode & ~lost;
    error = yield* vn_setattr_locked(vp, va, cred);
  }
  VOP_UNLOCK(vp);
  return error;
}

/** chflags(2). */
export function sys_chflags(l: Lwp, path: string, flags: number): Status {
  const va = vattr_null();
  va.flags = flags;
  return set_path(l, path, FOLLOW, va);
}

/** What utimens(2) is given: access and modification time, ns since 1970, or UTIME_*. */
type Times = readonly number[] | undefined;

/** utimens(2): `times` are [access, modification]; without them, now. */
export function* sys_utimens(l: Lwp, path: string, times?: Times): Status {
  const va = times_attr(times);
  return isErrno(va) ? va : yield* set_path(l, path, FOLLOW, va);
}

/** lutimens(2): of a symbolic link itself. */
export function* sys_lutimens(l: Lwp, path: string, times?: Times): Status {
  const va = times_attr(times);
  return isErrno(va) ? va : yield* set_path(l, path, NOFOLLOW, va);
}

/** futimens(2). */
export function* sys_futimens(l: Lwp, fd: number, times?: Times): Status {
  const va = times_attr(times);
  return isErrno(va) ? va : yield* set_fd(l, fd, va);
}

function times_attr(times: Times): VAttr | Errno {
  const va = vattr_null();
  if (times === undefined) {
    va.vaflags = VA_UTIMES_NULL;
    va.atime = getnanotime();
    va.mtime = va.atime;
    return va;
  }
  if (times.length !== 2 || !times.every(isTime)) return EINVAL;
  const [atime, mtime] = times;
  if (atime === UTIME_NOW && mtime === UTIME_NOW) va.vaflags = VA_UTIMES_NULL;
  va.atime = one_time(atime);
  va.mtime = one_time(mtime);
  return va;
}

function isTime(time: unknown): boolean {
  if (time === UTIME_NOW || time === UTIME_OMIT) return true;
  return typeof time === 'number' && time >= 0 && time < Infinity;
}

function one_time(time: number): number {
  if (time === UTIME_NOW) return getnanotime();
  return time === UTIME_OMIT ? VNOVAL : time;
}

/** truncate(2). Errors: EINVAL for a negative length, EISDIR, EACCES, EROFS. */
export function* sys_truncate(l: Lwp, path: string, length: number): Status {
  if (!(length >= 0)) return EINVAL;
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  let error = vp.type === VDIR ? EISDIR : vn_writechk(vp);
  error ??= yield* VOP_ACCESS(vp, VWRITE, l.proc.cred);
  error ??= yield* VOP_SETATTR(vp, size_attr(length), l.proc.cred);
  yield* vput(vp);
  return error;
}

/** ftruncate(2). Errors: EINVAL when not open for writing, or negative; EISDIR. */
export function* sys_ftruncate(_l: Lwp, fd: number, length: number): Status {
  if (!(length >= 0)) return EINVAL;
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const vp = fp.data as Vnode;
  let error: Errno | undefined;
  if ((fp.flag & FWRITE) === 0) error = EINVAL;
  else {
    yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
    error = vp.type === VDIR ? EISDIR : vn_writechk(vp);
    error ??= yield* VOP_SETATTR(vp, size_attr(length), fp.cred);
    VOP_UNLOCK(vp);
  }
  yield* fd_putfile(fd);
  return error;
}

function size_attr(length: number): VAttr {
  const va = vattr_null();
  va.size = Math.floor(length);
  return va;
}

/** fsync(2). */
export function sys_fsync(_l: Lwp, fd: number): Status {
  return sync_fd(fd, 0);
}

/** fdatasync(2): as fsync(2). Errors: EBADF when not open for writing. */
export function sys_fdatasync(_l: Lwp, fd: number): Status {
  return sync_fd(fd, FWRITE);
}

/** Writes what is held back of a file that is open as `wanted` says. */
function* sync_fd(fd: number, wanted: number): Status {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const vp = fp.data as Vnode;
  let error: Errno | undefined;
  if ((fp.flag & wanted) !== wanted) error = EBADF;
  else {
    yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
    error = yield* VOP_FSYNC(vp, fp.cred, 0);
    VOP_UNLOCK(vp);
  }
  yield* fd_putfile(fd);
  return error;
}

/** pathconf(2). Errors: EINVAL for an unknown name. */
export function* sys_pathconf(
  _l: Lwp,
  path: string,
  name: number,
): Generator<void, number | Errno, void> {
  const vp = yield* namei_simple(path, FOLLOW | LOCKLEAF);
  if (isErrno(vp)) return vp;
  const value = yield* VOP_PATHCONF(vp, name);
  yield* vput(vp);
  return value;
}

/** fpathconf(2). */
export function* sys_fpathconf(
  _l: Lwp,
  fd: number,
  name: number,
): Generator<void, number | Errno, void> {
  const fp = yield* fd_getvnode(fd);
  if (isErrno(fp)) return fp;
  const vp = fp.data as Vnode;
  yield* vn_lock(vp, LK_SHARED | LK_RETRY);
  const value = yield* VOP_PATHCONF(vp, name);
  VOP_UNLOCK(vp);
  yield* fd_putfile(fd);
  return value;
}

/** revoke(2): takes a device away from everybody who has it open. Errors: EINVAL, EPERM. */
export function* sys_revoke(l: Lwp, path: string): Status {
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  const st = yield* statlocked(l, vp);
  let error: Errno | undefined;
  if (isErrno(st)) error = st;
  else if (l.proc.cred.euid !== 0 && l.proc.cred.euid !== st.uid) error = EPERM;
  else error = yield* VOP_REVOKE(vp);
  yield* vrele(vp);
  return error;
}

function* statlocked(l: Lwp, vp: Vnode): Generator<void, Stat | Errno, void> {
  yield* vn_lock(vp, LK_SHARED | LK_RETRY);
  const st = yield* vn_stat(vp, l.proc.cred);
  VOP_UNLOCK(vp);
  return st;
}
