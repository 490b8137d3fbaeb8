/**
 * Opening a file by name: vn_open(9). Follows NetBSD sys/kern/vfs_vnops.c (vn_open, vn_openchk).
 *
 * Opening a file that is there mostly need not sleep, and makes no generator then. The generators
 * named after a step go on from it when it may sleep.
 */

import { done, handOn, takeDone } from '../hooks.ts';
import { EEXIST, EFTYPE, EINVAL, EISDIR, ENOTDIR, EOPNOTSUPP, type Errno } from '../kern/errno.ts';
import { isErrno } from '../kern/errno.ts';
import { FREAD, FWRITE } from '../kern/file.ts';
import type { Cred } from '../kern/proc.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_TRUNC } from './fcntl.ts';
import { CREATE, FOLLOW, LOCKLEAF, LOCKPARENT, LOOKUP, type Nameidata } from './namei.ts';
import { namei } from './vfs_lookup.ts';
import { vput, vrele } from './vfs_vnode.ts';
import { vn_lock, vn_writechk } from './vfs_vnops.ts';
import {
  LK_EXCLUSIVE,
  LK_RETRY,
  VDIR,
  vattr_null,
  VLNK,
  type Vnode,
  VREAD,
  VREG,
  VSOCK,
  VWRITE,
} from './vnode.ts';
import { VOP_ACCESS, VOP_CREATE, VOP_OPEN, VOP_SETATTR, VOP_UNLOCK } from './vnode_if.ts';

type Opened = MaySleep<Vnode | Errno>;
type Opening = Generator<void, Vnode | Errno, void>;
type Status = MaySleep<Errno | undefined>;
type GoingStatus = Going<Errno | undefined>;

/**
 * Opens, and with O_CREAT makes, the file of `nd`. `fmode` has FREAD and FWRITE and the O_* flags;
 * `cmode` is the mode of a new file, umask applied. Gives the vnode referenced, not locked; it goes
 * back with vn_close(). Errors: those of open(2).
 */
export function vn_open(nd: Nameidata, fmode: number, cmode: number): Opened {
  const creates = (fmode & O_CREAT) !== 0;
  if (creates && (fmode & O_DIRECTORY) !== 0) return done(EINVAL);
  const follow = (fmode & (O_NOFOLLOW | O_EXCL)) === 0 || (fmode & (O_CREAT | O_NOFOLLOW)) === 0;
  nd.cnd.nameiop = creates ? CREATE : LOOKUP;
  nd.cnd.flags |= LOCKLEAF | (creates ? LOCKPARENT : 0) | (follow ? FOLLOW : 0);
  const walk = handOn(namei(nd));
  if (walk !== undefined) return open_walk(walk, nd, fmode, cmode);
  const error = takeDone<Errno | undefined>();
  if (error !== undefined) return done(error);
  return creates ? open_created(nd, fmode, cmode) : open_old(nd.vp!, fmode, nd.cnd.cred);
}

function* open_walk(walk: GoingStatus, nd: Nameidata, fmode: number, cmode: number): Opening {
  const error = yield* walk;
  if (error !== undefined) return error;
  if ((fmode & O_CREAT) === 0) return yield* open_old(nd.vp!, fmode, nd.cnd.cred);
  return yield* open_created(nd, fmode, cmode);
}

/** With O_CREAT: makes the file, unless it is there. */
function* open_created(nd: Nameidata, fmode: number, cmode: number): Opening {
  const dvp = nd.dvp!;
  const vp = nd.vp;
  if (vp === null) {
    const made = yield* VOP_CREATE(dvp, nd.cnd, vattr_null(VREG, cmode));
    if (!isErrno(made)) yield* vn_lock(made, LK_EXCLUSIVE | LK_RETRY);
    yield* vput(dvp);
    if (isErrno(made)) return made;
    return yield* open_finish(made, fmode, nd.cnd.cred);
  }
  yield* dvp === vp ? vrele(dvp) : vput(dvp);
  if ((fmode & O_EXCL) !== 0) {
    yield* vput(vp);
    return EEXIST;
  }
  return yield* open_old(vp, fmode, nd.cnd.cred);
}

/** Opens a file that was there. Locks: vp exclusively, given back. */
function open_old(vp: Vnode, fmode: number, cred: Cred): Opened {
  if (vp.type === VSOCK) return open_fail(vp, EOPNOTSUPP);
  if (vp.type === VLNK) return open_fail(vp, EFTYPE);
  const check = handOn(vn_openchk(vp, fmode, cred));
  if (check !== undefined) return open_check(check, vp, fmode, cred);
  const error = takeDone<Errno | undefined>();
  if (error !== undefined) return open_fail(vp, error);
  return (fmode & O_TRUNC) === 0 ? open_finish(vp, fmode, cred) : open_truncate(vp, fmode, cred);
}

function* open_check(check: GoingStatus, vp: Vnode, fmode: number, cred: Cred): Opening {
  const error = yield* check;
  if (error !== undefined) return yield* open_fail(vp, error);
  return yield* (fmode & O_TRUNC) === 0
    ? open_finish(vp, fmode, cred)
    : open_truncate(vp, fmode, cred);
}

function* open_fail(vp: Vnode, error: Errno): Opening {
  yield* vput(vp);
  return error;
}

/** Whether the file may be opened so: vn_openchk(9). Locks: vp locked. */
export function vn_openchk(vp: Vnode, fmode: number, cred: Cred): Status {
  if ((fmode & O_DIRECTORY) !== 0 && vp.type !== VDIR) return done(ENOTDIR);
  const writes = (fmode & (FWRITE | O_TRUNC)) !== 0;
  if ((fmode & FREAD) === 0) return writes ? openchk_write(vp, cred) : done(undefined);
  if (!writes) return VOP_ACCESS(vp, VREAD, cred);
  const read = handOn(VOP_ACCESS(vp, VREAD, cred));
  if (read !== undefined) return openchk_read(read, vp, cred);
  const error = takeDone<Errno | undefined>();
  return error === undefined ? openchk_write(vp, cred) : done(error);
}

function* openchk_read(
  read: GoingStatus,
  vp: Vnode,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  const error = yield* read;
  return error ?? (yield* openchk_write(vp, cred));
}

function openchk_write(vp: Vnode, cred: Cred): Status {
  if (vp.type === VDIR) return done(EISDIR);
  const error = vn_writechk(vp);
  return error === undefined ? VOP_ACCESS(vp, VWRITE, cred) : done(error);
}

function* open_truncate(vp: Vnode, fmode: number, cred: Cred): Opening {
  const va = vattr_null();
  va.size = 0;
  const error = yield* VOP_SETATTR(vp, va, cred);
  return yield* error === undefined ? open_finish(vp, fmode, cred) : open_fail(vp, error);
}

/** The last step: the file system's own, and the count of writers. Unlocks. */
function open_finish(vp: Vnode, fmode: number, cred: Cred): Opened {
  const open = handOn(VOP_OPEN(vp, fmode, cred));
  if (open !== undefined) return open_opened(open, vp, fmode);
  const error = takeDone<Errno | undefined>();
  if (error !== undefined) return open_fail(vp, error);
  if ((fmode & FWRITE) !== 0) vp.writecount++;
  VOP_UNLOCK(vp);
  return done(vp);
}

function* open_opened(open: GoingStatus, vp: Vnode, fmode: number): Opening {
  const error = yield* open;
  if (error !== undefined) return yield* open_fail(vp, error);
  if ((fmode & FWRITE) !== 0) vp.writecount++;
  VOP_UNLOCK(vp);
  return vp;
}
