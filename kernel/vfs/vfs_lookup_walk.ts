/**
 * The walk of namei() when it sleeps, or meets what is not usual: '.' and '..', symbolic links,
 * mounts, errors. Follows NetBSD sys/kern/vfs_lookup.c.
 *
 * Each function goes on from one step of namei(), and then namei_walk() does the rest. What a
 * lookup keeps to is said in vfs_lookup.ts.
 */

import { hooks } from '../hooks.ts';
import { ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, type Errno, isErrno } from '../kern/errno.ts';
import { mi_switch } from '../kern/kern_sleepq.ts';
import type { Going } from '../maysleep.ts';
import { VFS_ROOT } from './mount.ts';
import {
  ISDOTDOT,
  ISLASTCN,
  LOOKUP,
  MAXSYMLINKS,
  type Nameidata,
  PATH_MAX,
  REQUIREDIR,
} from './namei.ts';
import { vfs_busy, vfs_unbusy } from './vfs_busy.ts';
import { vfs_of } from './vfs_init.ts';
import { lookup_absent, lookup_checkparent } from './vfs_lookup_access.ts';
import { namei_fail, namei_last } from './vfs_lookup_last.ts';
import { follows, lockmode, lookup_parsepath } from './vfs_lookup_path.ts';
import { vput, vref, vrele } from './vfs_vnode.ts';
import { vn_lock } from './vfs_vnops.ts';
import { LK_RETRY, LK_SHARED, VDIR, VEXEC, VLNK, type Vnode, VV_ROOT } from './vnode.ts';
import { VOP_ACCESS, VOP_LOOKUP, VOP_READLINK, VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** The first directory is locked by somebody else, or it is time to give way. */
export function* namei_begin(nd: Nameidata): Status {
  if (hooks.takeYield()) yield* mi_switch();
  yield* vn_lock(nd.dvp!, lockmode(nd) | LK_RETRY);
  return yield* namei_walk(nd, undefined);
}

/** The file system asks itself whether the directory may be searched. */
export function* namei_access(access: Going<Errno | undefined>, nd: Nameidata): Status {
  const error = yield* access;
  if (error !== undefined) return yield* namei_fail(nd, error);
  return yield* namei_walk(nd, yield* VOP_LOOKUP(nd.dvp!, nd.cnd));
}

/** The file system searches the directory. */
export function* namei_looked(lookup: Going<Vnode | Errno>, nd: Nameidata): Status {
  return yield* namei_walk(nd, yield* lookup);
}

/** Whether the last component may be made or taken away is being found out. */
export function* namei_allowed(allowed: Going<Errno | undefined>, nd: Nameidata): Status {
  const error = yield* allowed;
  return yield* error === undefined ? namei_last(nd) : namei_fail(nd, error);
}

/** nd.vp becomes the directory for the next component, once it is locked. */
export function* namei_descend(nd: Nameidata): Status {
  if (hooks.takeYield()) yield* mi_switch();
  const vp = nd.vp!;
  const error = yield* vn_lock(vp, lockmode(nd));
  if (error !== undefined) return yield* namei_fail(nd, error);
  const dvp = nd.dvp!;
  nd.dvp = vp;
  nd.vp = null;
  yield* vput(dvp);
  return yield* namei_walk(nd, undefined);
}

/** The directory above has lost its last user. */
export function* namei_put(put: Going<undefined>, nd: Nameidata): Status {
  yield* put;
  return yield* namei_walk(nd, undefined);
}

/**
 * The walk from nd.dvp on, which is locked; `looked` is what was found in it, if it was searched.
 * The usual steps are written out here; the others have a function each.
 */
export function* namei_walk(nd: Nameidata, looked: Vnode | Errno | undefined): Status {
  const cnp = nd.cnd;
  let found = looked;
  let error: Errno | undefined;
  for (;;) {
    const dvp = nd.dvp!;
    if (found === undefined) {
      if ((cnp.flags & ISDOTDOT) !== 0 || cnp.name === '.') error = yield* lookup_dots(nd);
      else error = dvp.type === VDIR ? yield* VOP_ACCESS(dvp, VEXEC, cnp.cred) : ENOTDIR;
      if (error === undefined && nd.vp === null) found = yield* VOP_LOOKUP(nd.dvp!, cnp);
    }
    if (found !== undefined) {
      if (isErrno(found)) error = yield* lookup_absent(nd, found);
      else {
        nd.vp = found;
        if (found.mountedhere !== null) error = yield* lookup_crossmount(nd);
        if (cnp.nameiop !== LOOKUP && error === undefined) error = yield* lookup_checkparent(nd);
      }
      found = undefined;
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
    return yield* namei_fail(nd, error);
  }
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
