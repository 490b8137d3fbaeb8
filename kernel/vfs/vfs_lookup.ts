/**
 * From a path to a vnode: namei(9). Follows NetBSD sys/kern/vfs_lookup.c.
 *
 *   const nd = NDINIT(LOOKUP, FOLLOW | LOCKLEAF, '/dir/file');
 *   const error = yield* namei(nd);
 *   if (error !== undefined) return error;
 *   … nd.vp …
 *   yield* vput(nd.vp);
 *
 * A path is walked one component at a time, hand over hand: the directory is locked, the name is
 * looked up in it, and the child is locked *before* the directory is let go. So a lookup always
 * locks a parent and then its child; whoever locks two vnodes the other way round can deadlock
 * with it (PR kern/36681). '..' therefore lets go of the child first.
 *
 * What the caller gets
 *   nd.vp   the file, referenced; locked with LOCKLEAF. null when it does not exist and the
 *           operation is CREATE or RENAME.
 *   nd.dvp  with LOCKPARENT: its directory, referenced and locked exclusively. The same vnode as
 *           nd.vp for a path that ends in '.', or is '/': then it is locked once, referenced twice.
 *   After an error both are null, and nothing is held.
 *
 * Permissions  Each directory on the way must grant VEXEC. For CREATE and RENAME of a new name the
 *              directory must grant VWRITE; for DELETE and RENAME of an old one as well, and a
 *              sticky directory must not forbid it. A read-only mount answers EROFS first.
 * Here is the walk that need not sleep, which makes no generator; whatever else comes up goes on
 * in vfs_lookup_walk.ts, from where this has come to: all that is known is in `nd`.
 *
 * Differs      There is no fast walk through the name cache without locks.
 */

import { done, handOn, takeDone } from '../hooks.ts';
import { EISDIR, ENAMETOOLONG, ENOENT, type Errno, isErrno } from '../kern/errno.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import {
  ComponentName,
  ISDOTDOT,
  ISLASTCN,
  LOOKUP,
  Nameidata,
  type NameiOp,
  PATH_MAX,
} from './namei.ts';
import { cwdinfo } from './vfs_cwd.ts';
import { vfs_of } from './vfs_init.ts';
import { lookup_absent, lookup_checkparent } from './vfs_lookup_access.ts';
import { namei_enotdir, namei_fail, namei_last } from './vfs_lookup_last.ts';
import { lockmode, lookup_parsepath } from './vfs_lookup_path.ts';
import {
  namei_access,
  namei_allowed,
  namei_begin,
  namei_descend,
  namei_looked,
  namei_put,
  namei_walk,
} from './vfs_lookup_walk.ts';
import { vput, vref } from './vfs_vnode.ts';
import { vn_lock_now } from './vfs_vnops.ts';
import { VDIR, VEXEC, VLNK, type Vnode } from './vnode.ts';
import { VOP_ACCESS, VOP_LOOKUP } from './vnode_if.ts';

/** What namei() gives. */
type Status = MaySleep<Errno | undefined>;

/** The root directory has no name that could be made or removed. */
const ONLY_SLASHES = /^\/+$/;

/** NDINIT(9): a lookup of `path` by the running process. */
export function NDINIT(nameiop: NameiOp, flags: number, path: string): Nameidata {
  return new Nameidata(path, new ComponentName(nameiop, flags, curlwp().proc.cred));
}

/**
 * namei(9). Sleeps. Errors: ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, EROFS, EPERM, and what
 * the file system answers. Long, as a call for each step would cost more than the step.
 */
export function namei(nd: Nameidata): Status {
  const unusable = namei_start(nd);
  if (unusable !== undefined) return done(unusable);
  const cnp = nd.cnd;
  let dvp = nd.dvp!;
  if (!vn_lock_now(dvp, lockmode(nd))) return namei_begin(nd);
  for (;;) {
    if ((cnp.flags & ISDOTDOT) !== 0 || cnp.name === '.' || dvp.type !== VDIR) {
      return namei_walk(nd, undefined);
    }
    const access = handOn(VOP_ACCESS(dvp, VEXEC, cnp.cred));
    if (access !== undefined) return namei_access(access, nd);
    const denied = takeDone<Errno | undefined>();
    if (denied !== undefined) return namei_fail(nd, denied);
    const lookup = handOn(VOP_LOOKUP(dvp, cnp));
    if (lookup !== undefined) return namei_looked(lookup, nd);
    const vp = takeDone<Vnode | Errno>();
    if (isErrno(vp)) return namei_absent(nd, vp);
    if (vp.type === VLNK || vp.mountedhere !== null) return namei_walk(nd, vp);
    nd.vp = vp;
    if ((cnp.flags & ISLASTCN) !== 0) {
      return cnp.nameiop === LOOKUP ? namei_last(nd) : namei_checkparent(nd);
    }
    if (vp.type !== VDIR) return namei_enotdir(nd);
    const overlong = lookup_parsepath(nd);
    if (overlong !== undefined) return namei_fail(nd, overlong);
    if (!vn_lock_now(vp, lockmode(nd))) return namei_descend(nd);
    nd.dvp = vp;
    nd.vp = null;
    const put = handOn(vput(dvp));
    if (put !== undefined) return namei_put(put, nd);
    takeDone();
    dvp = vp;
  }
}

/** Finds where to begin and the first component; nd.dvp is referenced. */
function namei_start(nd: Nameidata): Errno | undefined {
  const path = nd.path;
  if (path.length === 0) return ENOENT;
  if (path.length >= PATH_MAX) return ENAMETOOLONG;
  const cwdi = cwdinfo(curlwp().proc);
  nd.rdir = cwdi.rdir ?? vfs_of(curlwp().kernel).rootvnode;
  const error = lookup_parsepath(nd);
  if (error !== undefined) return error;
  if (nd.cnd.nameiop !== LOOKUP && nd.cnd.name === '.' && ONLY_SLASHES.test(path)) return EISDIR;
  nd.dvp = path.charCodeAt(0) === 47 ? nd.rdir! : (nd.atdir ?? cwdi.cdir);
  vref(nd.dvp);
  return undefined;
}

/** The last component was not found: perhaps it may be created. */
function namei_absent(nd: Nameidata, absent: Errno): Status {
  const allowed = handOn(lookup_absent(nd, absent));
  if (allowed !== undefined) return namei_allowed(allowed, nd);
  const error = takeDone<Errno | undefined>();
  return error === undefined ? namei_last(nd) : namei_fail(nd, error);
}

/** The last component was found: perhaps it may be taken away. */
function namei_checkparent(nd: Nameidata): Status {
  const allowed = handOn(lookup_checkparent(nd));
  if (allowed !== undefined) return namei_allowed(allowed, nd);
  const error = takeDone<Errno | undefined>();
  return error === undefined ? namei_last(nd) : namei_fail(nd, error);
}
