/**
 * System calls that make, move and remove names. Follows NetBSD sys/kern/vfs_syscalls.c.
 */

import { done, handOn, takeDone } from '../hooks.ts';
import {
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  EPERM,
  type Errno,
  EXDEV,
  isErrno,
} from '../kern/errno.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { VFS_RENAMELOCK_ENTER, VFS_RENAMELOCK_EXIT } from './mount.ts';
import {
  CREATE,
  CREATEDIR,
  DELETE,
  FOLLOW,
  LOCKLEAF,
  LOCKPARENT,
  LOCKSHARED,
  type Nameidata,
  NOFOLLOW,
  PATH_MAX,
  RENAME,
} from './namei.ts';
import { ACCESSPERMS, ALLPERMS, iftovt, S_IFIFO, S_IFMT } from './stat.ts';
import { suser } from './genfs.ts';
import { cwdinfo } from './vfs_cwd.ts';
import { namei_simple } from './vfs_getvnode.ts';
import { NDINIT, namei } from './vfs_lookup.ts';
import { vput, vrele } from './vfs_vnode.ts';
import {
  type VAttr,
  VBLK,
  VCHR,
  VDIR,
  VFIFO,
  VLNK,
  VREG,
  vattr_null,
  type Vnode,
  VV_ROOT,
} from './vnode.ts';
import {
  VOP_CREATE,
  VOP_LINK,
  VOP_MKDIR,
  VOP_MKNOD,
  VOP_READLINK,
  VOP_REMOVE,
  VOP_RENAME,
  VOP_RMDIR,
  VOP_SYMLINK,
  VOP_UNLOCK,
} from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** Gives back what namei() found, with LOCKPARENT and perhaps LOCKLEAF. */
function* release(nd: Nameidata): Generator<void, void, void> {
  const dvp = nd.dvp!;
  const vp = nd.vp;
  const leafLocked = (nd.cnd.flags & LOCKLEAF) !== 0;
  if (vp !== null) yield* vp === dvp || !leafLocked ? vrele(vp) : vput(vp);
  yield* vput(dvp);
}

/** Looks up a name that must not exist; nd.dvp is locked. Errors: EEXIST. */
function newname(nd: Nameidata): MaySleep<Errno | undefined> {
  const walk = handOn(namei(nd));
  if (walk !== undefined) return newname_walk(walk, nd);
  const error = takeDone<Errno | undefined>();
  return error !== undefined || nd.vp === null ? done(error) : newname_exists(nd);
}

function* newname_walk(walk: Going<Errno | undefined>, nd: Nameidata): Status {
  const error = yield* walk;
  return error !== undefined || nd.vp === null ? error : yield* newname_exists(nd);
}

function* newname_exists(nd: Nameidata): Generator<void, Errno, void> {
  yield* release(nd);
  return EEXIST;
}

/** The end of making something: gives back the directory, and the new vnode. */
function made(nd: Nameidata, vp: Vnode | Errno): MaySleep<Errno | undefined> {
  const putting = handOn(vput(nd.dvp!));
  if (putting !== undefined) return made_wait(putting, vp);
  takeDone();
  return isErrno(vp) ? done(vp) : vrele(vp);
}

function* made_wait(putting: Going<undefined>, vp: Vnode | Errno): Status {
  yield* putting;
  if (isErrno(vp)) return vp;
  return yield* vrele(vp);
}

/** mkdir(2). */
export function sys_mkdir(l: Lwp, path: string, mode: number): MaySleep<Errno | undefined> {
  const nd = NDINIT(CREATE, LOCKPARENT | CREATEDIR, path);
  const looking = handOn(newname(nd));
  if (looking !== undefined) return mkdir_wait(looking, l, nd, mode);
  const error = takeDone<Errno | undefined>();
  return error !== undefined ? done(error) : mkdir(l, nd, mode);
}

function* mkdir_wait(
  looking: Going<Errno | undefined>,
  l: Lwp,
  nd: Nameidata,
  mode: number,
): Status {
  const error = yield* looking;
  return error !== undefined ? error : yield* mkdir(l, nd, mode);
}

function mkdir(l: Lwp, nd: Nameidata, mode: number): MaySleep<Errno | undefined> {
  const va = vattr_null(VDIR, mode & ACCESSPERMS & ~cwdinfo(l.proc).cmask);
  const making = handOn(VOP_MKDIR(nd.dvp!, nd.cnd, va));
  if (making !== undefined) return making_wait(making, nd);
  return made(nd, takeDone<Vnode | Errno>());
}

function* making_wait(making: Going<Vnode | Errno>, nd: Nameidata): Status {
  return yield* made(nd, yield* making);
}

/** rmdir(2). Errors: EINVAL for '.', EBUSY for a mount, ENOTEMPTY. */
export function sys_rmdir(_l: Lwp, path: string): MaySleep<Errno | undefined> {
  const nd = NDINIT(DELETE, LOCKPARENT | LOCKLEAF, path);
  const looking = handOn(namei(nd));
  if (looking !== undefined) return rmdir_wait(looking, nd);
  const error = takeDone<Errno | undefined>();
  return error !== undefined ? done(error) : rmdir(nd);
}

function* rmdir_wait(looking: Going<Errno | undefined>, nd: Nameidata): Status {
  const error = yield* looking;
  return error !== undefined ? error : yield* rmdir(nd);
}

function rmdir(nd: Nameidata): MaySleep<Errno | undefined> {
  const dvp = nd.dvp!;
  const vp = nd.vp!;
  if (vp.type !== VDIR) return refused(nd, ENOTDIR);
  if (vp === dvp) return refused(nd, EINVAL);
  if ((vp.flag & VV_ROOT) !== 0) return refused(nd, EBUSY);
  const removing = handOn(VOP_RMDIR(dvp, vp, nd.cnd));
  if (removing !== undefined) return removed_wait(removing, dvp);
  return removed(dvp, takeDone<Errno | undefined>());
}

function* refused(nd: Nameidata, error: Errno): Status {
  yield* release(nd);
  return error;
}

/** The end of removing something: gives back the directory. */
function removed(dvp: Vnode, error: Errno | undefined): MaySleep<Errno | undefined> {
  return error === undefined ? vput(dvp) : removed_not(dvp, error);
}

function* removed_not(dvp: Vnode, error: Errno): Status {
  yield* vput(dvp);
  return error;
}

function* removed_wait(removing: Going<Errno | undefined>, dvp: Vnode): Status {
  return yield* removed(dvp, yield* removing);
}

/** unlink(2). Errors: EPERM for a directory, EBUSY for a mount. */
export function* sys_unlink(_l: Lwp, path: string): Status {
  const nd = NDINIT(DELETE, LOCKPARENT | LOCKLEAF, path);
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const dvp = nd.dvp!;
  const vp = nd.vp!;
  if ((vp.flag & VV_ROOT) !== 0) return yield* refused(nd, EBUSY);
  if (vp.type === VDIR) return yield* refused(nd, EPERM);
  return yield* removed(dvp, yield* VOP_REMOVE(dvp, vp, nd.cnd));
}

/** link(2): a further name for a file. Errors: EPERM for a directory, EXDEV. */
export function* sys_link(_l: Lwp, path: string, newpath: string): Status {
  const vp = yield* namei_simple(path, FOLLOW);
  if (isErrno(vp)) return vp;
  const error = vp.type === VDIR ? EPERM : yield* linkto(vp, newpath);
  yield* vrele(vp);
  return error;
}

function* linkto(vp: Vnode, newpath: string): Status {
  const nd = NDINIT(CREATE, LOCKPARENT, newpath);
  const error = yield* newname(nd);
  if (error !== undefined) return error;
  const dvp = nd.dvp!;
  const linked = dvp.mount === vp.mount ? yield* VOP_LINK(dvp, vp, nd.cnd) : EXDEV;
  yield* vput(dvp);
  return linked;
}

/** symlink(2). */
export function* sys_symlink(l: Lwp, target: string, path: string): Status {
  if (target.length >= PATH_MAX) return ENAMETOOLONG;
  if (target === '') return ENOENT;
  const nd = NDINIT(CREATE, LOCKPARENT, path);
  const error = yield* newname(nd);
  if (error !== undefined) return error;
  const va = vattr_null(VLNK, ACCESSPERMS & ~cwdinfo(l.proc).cmask);
  return yield* made(nd, yield* VOP_SYMLINK(nd.dvp!, nd.cnd, va, target));
}

/** readlink(2): what a symbolic link says. Errors: EINVAL for anything else. */
export function* sys_readlink(l: Lwp, path: string): Generator<void, string | Errno, void> {
  const vp = yield* namei_simple(path, NOFOLLOW | LOCKLEAF | LOCKSHARED);
  if (isErrno(vp)) return vp;
  const target = vp.type === VLNK ? yield* VOP_READLINK(vp, l.proc.cred) : EINVAL;
  yield* vput(vp);
  return target;
}

/** mknod(2): devices are the superuser's; anyone may make a fifo. Errors: EPERM, EINVAL. */
export function* sys_mknod(l: Lwp, path: string, mode: number, dev = 0): Status {
  const type = iftovt(mode);
  if (type !== VFIFO && !suser(l.proc.cred)) return EPERM;
  if (type !== VCHR && type !== VBLK && type !== VFIFO && type !== VREG) return EINVAL;
  const nd = NDINIT(CREATE, LOCKPARENT, path);
  const error = yield* newname(nd);
  if (error !== undefined) return error;
  const va = vattr_null(type, mode & ALLPERMS & ~cwdinfo(l.proc).cmask);
  if (type === VCHR || type === VBLK) va.rdev = dev;
  return yield* made(nd, yield* makenode(nd, va));
}

function makenode(nd: Nameidata, va: VAttr): ReturnType<typeof VOP_MKNOD> {
  const dvp = nd.dvp!;
  return va.type === VREG ? VOP_CREATE(dvp, nd.cnd, va) : VOP_MKNOD(dvp, nd.cnd, va);
}

/** mkfifo(2). */
export function sys_mkfifo(l: Lwp, path: string, mode: number): Status {
  return sys_mknod(l, path, (mode & ~S_IFMT) | S_IFIFO);
}

/**
 * rename(2). Errors: EINVAL for '.' and '..' and for a directory moved into itself, EXDEV, EBUSY
 * for mounts, ENOTDIR, EISDIR, ENOTEMPTY.
 */
export function* sys_rename(_l: Lwp, from: string, to: string): Status {
  const fnd = NDINIT(DELETE, LOCKPARENT, from);
  const error = yield* namei(fnd);
  if (error !== undefined) return error;
  const fdvp = fnd.dvp!;
  const fvp = fnd.vp!;
  VOP_UNLOCK(fdvp);
  let refused: Errno | undefined;
  if (isDots(fnd)) refused = EINVAL;
  else if ((fvp.flag & VV_ROOT) !== 0) refused = EBUSY;
  if (refused === undefined) return yield* do_sys_rename(fnd, fdvp, fvp, to);
  yield* vrele(fdvp);
  yield* vrele(fvp);
  return refused;
}

function isDots(nd: Nameidata): boolean {
  return nd.cnd.name === '.' || nd.cnd.name === '..';
}

/** Finds the target with renames of the mount locked out, and lets the file system do the rest. */
function* do_sys_rename(fnd: Nameidata, fdvp: Vnode, fvp: Vnode, to: string): Status {
  const mp = fdvp.mount;
  yield* VFS_RENAMELOCK_ENTER(mp);
  const createdir = fvp.type === VDIR ? CREATEDIR : 0;
  const tnd = NDINIT(RENAME, LOCKPARENT | LOCKLEAF | createdir, to);
  let error = yield* namei(tnd);
  if (error === undefined) {
    error = rename_check(fdvp, fvp, tnd);
    if (error === undefined && !sameName(fnd, tnd, fdvp)) {
      error = yield* VOP_RENAME(fdvp, fvp, fnd.cnd, tnd.dvp!, tnd.vp, tnd.cnd);
      VFS_RENAMELOCK_EXIT(mp);
      return error;
    }
    yield* release(tnd);
  }
  VFS_RENAMELOCK_EXIT(mp);
  yield* vrele(fdvp);
  yield* vrele(fvp);
  return error;
}

/** rename(2) of a name to itself does nothing; of another link to the same file, it removes one. */
function sameName(fnd: Nameidata, tnd: Nameidata, fdvp: Vnode): boolean {
  return tnd.vp !== null && tnd.dvp === fdvp && tnd.cnd.name === fnd.cnd.name;
}

/** What can be said of a rename without the file system. Success: both names may be the same. */
function rename_check(fdvp: Vnode, fvp: Vnode, tnd: Nameidata): Errno | undefined {
  const tdvp = tnd.dvp!;
  const tvp = tnd.vp;
  if (tvp !== null) {
    if (fvp.type === VDIR && tvp.type !== VDIR) return ENOTDIR;
    if (fvp.type !== VDIR && tvp.type === VDIR) return EISDIR;
    if (tvp.mount === fvp.mount && (tvp.flag & VV_ROOT) !== 0) return EBUSY;
    if (tvp !== tdvp && (tvp.flag & VV_ROOT) !== 0 && tdvp.mount === fdvp.mount) return EBUSY;
  }
  if (fdvp.mount !== tdvp.mount || fvp.mount !== fdvp.mount) return EXDEV;
  if (isDots(tnd) || fvp === tdvp) return EINVAL;
  return undefined;
}
