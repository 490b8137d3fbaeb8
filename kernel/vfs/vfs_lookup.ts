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
 * Differs      There is no fast walk through the name cache without locks.
 */

import { done } from '../hooks.ts';
import {
  EISDIR,
  ELOOP,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  type Errno,
  isErrno,
} from '../kern/errno.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { VFS_ROOT } from './mount.ts';
import {
  ComponentName,
  ISDOTDOT,
  ISLASTCN,
  LOCKLEAF,
  LOCKPARENT,
  LOCKSHARED,
  LOOKUP,
  MAXSYMLINKS,
  Nameidata,
  type NameiOp,
  PATH_MAX,
  REQUIREDIR,
} from './namei.ts';
import { vfs_busy, vfs_unbusy } from './vfs_busy.ts';
import { cwdinfo } from './vfs_cwd.ts';
import { vfs_of } from './vfs_init.ts';
import { lookup_absent, lookup_checkparent } from './vfs_lookup_access.ts';
import { follows, lockmode, lookup_parsepath } from './vfs_lookup_path.ts';
import { vput, vref, vrele } from './vfs_vnode.ts';
import { vn_lock } from './vfs_vnops.ts';
import {
  LK_EXCLUSIVE,
  LK_RETRY,
  LK_SHARED,
  VDIR,
  VEXEC,
  VLNK,
  type Vnode,
  VV_ROOT,
} from './vnode.ts';
import { VOP_ACCESS, VOP_LOOKUP, VOP_READLINK, VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** The root directory has no name that could be made or removed. */
const ONLY_SLASHES = /^\/+$/;

/** NDINIT(9): a lookup of `path` by the running process. */
export function NDINIT(nameiop: NameiOp, flags: number, path: string): Nameidata {
  return new Nameidata(path, new ComponentName(nameiop, flags, curlwp().proc.cred));
}

/**
 * namei(9). Sleeps. Errors: ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, EROFS, EPERM, and what
 * the file system answers. The usual steps are written out here; the others have a function each.
 */
export function* namei(nd: Nameidata): Status {
  let error = namei_start(nd);
  if (error !== undefined) return error;
  const cnp = nd.cnd;
  yield* vn_lock(nd.dvp!, lockmode(nd) | LK_RETRY);
  for (;;) {
    const dvp = nd.dvp!;
    if ((cnp.flags & ISDOTDOT) !== 0 || cnp.name === '.') error = yield* lookup_dots(nd);
    else error = dvp.type === VDIR ? yield* VOP_ACCESS(dvp, VEXEC, cnp.cred) : ENOTDIR;
    if (error === undefined && nd.vp === null) {
      const found = yield* VOP_LOOKUP(nd.dvp!, cnp);
      if (isErrno(found)) error = yield* lookup_absent(nd, found);
      else {
        nd.vp = found;
        if (found.mountedhere !== null) error = yield* lookup_crossmount(nd);
        if (cnp.nameiop !== LOOKUP && error === undefined) error = yield* lookup_checkparent(nd);
      }
    }
    const vp = nd.vp;
    if (error === undefined) {
      if (vp !== null && vp.type === VLNK && follows(nd)) error = yield* namei_follow(nd);
      else if ((cnp.flags & ISLASTCN) !== 0) return yield* namei_last(nd);
      else if (vp === dvp || (cnp.flags & ISDOTDOT) !== 0) error = yield* descend_dots(nd);
      else {
        error = vp!.type === VDIR ? lookup_parsepath(nd) : ENOTDIR;
        error ??= yield* vn_lock(vp!, lockmode(nd));
        if (error === undefined) {
          nd.dvp = vp;
          nd.vp = null;
          yield* vput(dvp);
        }
      }
      if (error === undefined) continue;
    }
    yield* namei_release(nd);
    return error;
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

/**
 * '.' and '..': for the first, and for the second at the process's root, nd.vp is the directory
 * itself. Otherwise nd.dvp is where '..' is to be looked up, with leave to search it.
 */
function* lookup_dots(nd: Nameidata): Status {
  if ((nd.cnd.flags & ISDOTDOT) !== 0) {
    const error = yield* lookup_dotdot(nd);
    if (error !== undefined) return error;
  }
  const dvp = nd.dvp!;
  if (dvp.type !== VDIR) return ENOTDIR;
  const denied = yield* VOP_ACCESS(dvp, VEXEC, nd.cnd.cred);
  if (denied !== undefined) return denied;
  if (nd.cnd.name === '.') {
    vref(dvp);
    nd.vp = dvp;
  }
  return nd.vp === null ? undefined : yield* lookup_checkparent(nd);
}

/**
 * Before '..': at the process's root it is the root itself (nd.vp); at the root of a mount the
 * walk goes on from the directory that is covered.
 */
function* lookup_dotdot(nd: Nameidata): Status {
  for (;;) {
    const dvp = nd.dvp!;
    if (dvp === nd.rdir || dvp === vfs_of(dvp.mount.kernel).rootvnode) {
      vref(dvp);
      nd.vp = dvp;
      return undefined;
    }
    const covered = lookup_covered(dvp);
    if (covered === undefined || isErrno(covered)) return covered;
    nd.dvp = null;
    yield* vput(dvp);
    const error = yield* vn_lock(covered, lockmode(nd));
    if (error !== undefined) {
      yield* vrele(covered);
      return error;
    }
    nd.dvp = covered;
  }
}

/** The directory that the root of a mount covers, referenced. Errors: ENOENT if unmounted. */
function lookup_covered(dvp: Vnode): Vnode | Errno | undefined {
  const { vnodecovered, gone } = dvp.mount;
  if ((dvp.flag & VV_ROOT) === 0 || vnodecovered === null) return undefined;
  if (gone) return ENOENT;
  vref(vnodecovered);
  return vnodecovered;
}

/** nd.vp is covered by a mount: go to that mount's root, unless it is being unmounted. */
function* lookup_crossmount(nd: Nameidata): Status {
  for (;;) {
    const vp = nd.vp!;
    const mp = vp.mountedhere;
    if (mp === null) return undefined;
    const gone = yield* vfs_busy(mp);
    if (gone !== undefined) return undefined;
    const root = yield* VFS_ROOT(mp);
    vfs_unbusy(mp);
    nd.vp = null;
    yield* vrele(vp);
    if (isErrno(root)) return root;
    nd.vp = root;
  }
}

/** nd.vp is a symbolic link: put what it says in front of the rest of the path. */
function* namei_follow(nd: Nameidata): Status {
  const link = nd.vp!;
  nd.vp = null;
  const rest = nd.path.slice(nd.next);
  const slash = (nd.cnd.flags & REQUIREDIR) !== 0 || rest !== '' ? '/' : '';
  let target: string | Errno = ELOOP;
  if (nd.loopcnt++ < MAXSYMLINKS) {
    yield* vn_lock(link, LK_SHARED | LK_RETRY);
    target = yield* VOP_READLINK(link, nd.cnd.cred);
    VOP_UNLOCK(link);
  }
  yield* vrele(link);
  if (isErrno(target)) return target;
  if (target === '') return ENOENT;
  nd.path = target + slash + rest;
  nd.next = 0;
  if (nd.path.length >= PATH_MAX) return ENAMETOOLONG;
  const error = lookup_parsepath(nd);
  if (error !== undefined) return error;
  return yield* lookup_restart(nd, target.charCodeAt(0) === 47 ? nd.rdir! : nd.dvp!);
}

/** Goes on from `start` after a symbolic link: from the root, or where the link was. */
function* lookup_restart(nd: Nameidata, start: Vnode): Status {
  const dvp = nd.dvp!;
  if (start === dvp && lockmode(nd) === LK_SHARED) return undefined;
  vref(start);
  nd.dvp = null;
  yield* vput(dvp);
  yield* vn_lock(start, lockmode(nd) | LK_RETRY);
  nd.dvp = start;
  return undefined;
}

/** nd.vp becomes the directory for the next component, after '.' and '..': the child goes first. */
function* descend_dots(nd: Nameidata): Status {
  const dvp = nd.dvp!;
  const vp = nd.vp!;
  const error = vp.type === VDIR ? lookup_parsepath(nd) : ENOTDIR;
  if (error !== undefined) return error;
  nd.vp = null;
  const mode = lockmode(nd);
  if (vp === dvp && mode === LK_SHARED) {
    yield* vrele(dvp);
    return undefined;
  }
  nd.dvp = null;
  yield* vput(dvp);
  const locked = yield* vn_lock(vp, mode);
  if (locked === undefined) nd.dvp = vp;
  else yield* vrele(vp);
  return locked;
}

/** The last component was found, or may be created: hand over what the caller asked for. */
function namei_last(nd: Nameidata): MaySleep<Errno | undefined> {
  const { flags } = nd.cnd;
  const vp = nd.vp;
  if (vp !== null && vp.type !== VDIR && (flags & REQUIREDIR) !== 0) return namei_enotdir(nd);
  if (vp !== null && (flags & LOCKLEAF) !== 0) return namei_lockleaf(nd, vp);
  if ((flags & LOCKPARENT) !== 0) return done(undefined);
  const dvp = nd.dvp!;
  nd.dvp = null;
  return vput(dvp);
}

function* namei_enotdir(nd: Nameidata): Status {
  yield* namei_release(nd);
  return ENOTDIR;
}

/** Locks the leaf, and then lets the directory go unless it is asked for. */
function* namei_lockleaf(nd: Nameidata, vp: Vnode): Status {
  const { flags } = nd.cnd;
  const dvp = nd.dvp!;
  const mode = (flags & LOCKSHARED) !== 0 ? LK_SHARED : LK_EXCLUSIVE;
  const keep = (flags & LOCKPARENT) !== 0;
  if (vp === dvp && keep) return undefined;
  const childFirst = vp === dvp || (flags & ISDOTDOT) !== 0;
  if (childFirst) VOP_UNLOCK(dvp);
  const error = yield* vn_lock(vp, mode);
  if (keep && childFirst) yield* vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY);
  if (error !== undefined) {
    nd.dvp = null;
    nd.vp = null;
    yield* vrele(vp);
    yield* childFirst && !keep ? vrele(dvp) : vput(dvp);
    return error;
  }
  if (keep) return undefined;
  nd.dvp = null;
  yield* childFirst ? vrele(dvp) : vput(dvp);
  return undefined;
}

/** After an error: lets everything go. */
function* namei_release(nd: Nameidata): Generator<void, void, void> {
  const { vp, dvp } = nd;
  nd.vp = null;
  nd.dvp = null;
  if (dvp !== null) yield* vput(dvp);
  if (vp !== null) yield* vrele(vp);
}
