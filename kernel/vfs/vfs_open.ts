/**
 * Opening a file by name: vn_open(9). Follows NetBSD sys/kern/vfs_vnops.c (vn_open, vn_openchk).
 */

import { EEXIST, EFTYPE, EINVAL, EISDIR, ENOTDIR, EOPNOTSUPP, type Errno } from '../kern/errno.ts';
import { isErrno } from '../kern/errno.ts';
import { FREAD, FWRITE } from '../kern/file.ts';
import type { Cred } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
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

type Opened = Generator<void, Vnode | Errno, void>;
type Status = Generator<void, Errno | undefined, void>;

/**
 * Opens, and with O_CREAT makes, the file of `nd`. `fmode` has FREAD and FWRITE and the O_* flags;
 * `cmode` is the mode of a new file, umask applied. Gives the vnode referenced, not locked; it goes
 * back with vn_close(). Errors: those of open(2).
 */
export function* vn_open(nd: Nameidata, fmode: number, cmode: number): Opened {
  if ((fmode & O_CREAT) !== 0 && (fmode & O_DIRECTORY) !== 0) return EINVAL;
  const follow = (fmode & (O_NOFOLLOW | O_EXCL)) === 0 || (fmode & (O_CREAT | O_NOFOLLOW)) === 0;
  const cnp = nd.cnd;
  cnp.nameiop = (fmode & O_CREAT) !== 0 ? CREATE : LOOKUP;
  cnp.flags |= LOCKLEAF;
  if ((fmode & O_CREAT) !== 0) cnp.flags |= LOCKPARENT;
  if (follow) cnp.flags |= FOLLOW;
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  if ((fmode & O_CREAT) === 0) return yield* open_old(nd.vp!, fmode, cnp.cred);
  return yield* open_created(nd, fmode, cmode);
}

/** With O_CREAT: makes the file, unless it is there. */
function* open_created(nd: Nameidata, fmode: number, cmode: number): Opened {
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
function* open_old(vp: Vnode, fmode: number, cred: Cred): Opened {
  let error: Errno | undefined;
  if (vp.type === VSOCK) error = EOPNOTSUPP;
  else if (vp.type === VLNK) error = EFTYPE;
  else error = yield* vn_openchk(vp, fmode, cred);
  if (error === undefined && (fmode & O_TRUNC) !== 0) error = yield* truncate_opened(vp, cred);
  if (error === undefined) return yield* open_finish(vp, fmode, cred);
  yield* vput(vp);
  return error;
}

/** Whether the file may be opened so: vn_openchk(9). Locks: vp locked. */
export function* vn_openchk(vp: Vnode, fmode: number, cred: Cred): Status {
  if ((fmode & O_DIRECTORY) !== 0 && vp.type !== VDIR) return ENOTDIR;
  if ((fmode & FREAD) !== 0) {
    const error = yield* VOP_ACCESS(vp, VREAD, cred);
    if (error !== undefined) return error;
  }
  if ((fmode & (FWRITE | O_TRUNC)) === 0) return undefined;
  if (vp.type === VDIR) return EISDIR;
  return vn_writechk(vp) ?? (yield* VOP_ACCESS(vp, VWRITE, cred));
}

function truncate_opened(vp: Vnode, cred: Cred): MaySleep<Errno | undefined> {
  const va = vattr_null();
  va.size = 0;
  return VOP_SETATTR(vp, va, cred);
}

/** The last step: the file system's own, and the count of writers. Unlocks. */
function* open_finish(vp: Vnode, fmode: number, cred: Cred): Opened {
  const error = yield* VOP_OPEN(vp, fmode, cred);
  if (error !== undefined) {
    yield* vput(vp);
    return error;
  }
  if ((fmode & FWRITE) !== 0) vp.writecount++;
  VOP_UNLOCK(vp);
  return vp;
}
