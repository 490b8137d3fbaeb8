/**
 * The end of namei(): handing over what was found, or letting everything go. Follows NetBSD
 * sys/kern/vfs_lookup.c.
 */

import { done, hooks } from '../hooks.ts';
import { ENOTDIR, type Errno } from '../kern/errno.ts';
import { mi_switch } from '../kern/kern_sleepq.ts';
import type { MaySleep } from '../maysleep.ts';
import { ISDOTDOT, LOCKLEAF, LOCKPARENT, LOCKSHARED, type Nameidata, REQUIREDIR } from './namei.ts';
import { vput, vrele } from './vfs_vnode.ts';
import { vn_lock, vn_lock_now } from './vfs_vnops.ts';
import { LK_EXCLUSIVE, LK_RETRY, LK_SHARED, VDIR } from './vnode.ts';
import { VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** The last component was found, or may be created: hand over what the caller asked for. */
export function namei_last(nd: Nameidata): MaySleep<Errno | undefined> {
  const { flags } = nd.cnd;
  const vp = nd.vp;
  const dvp = nd.dvp!;
  if (vp !== null) {
    if (vp.type !== VDIR && (flags & REQUIREDIR) !== 0) return namei_enotdir(nd);
    if ((flags & LOCKLEAF) !== 0) {
      if (vp === dvp || (flags & ISDOTDOT) !== 0) return namei_lockleaf(nd);
      const mode = (flags & LOCKSHARED) !== 0 ? LK_SHARED : LK_EXCLUSIVE;
      if (!vn_lock_now(vp, mode)) return namei_lockleaf(nd);
    }
  }
  if ((flags & LOCKPARENT) !== 0) return done(undefined);
  nd.dvp = null;
  return vput(dvp);
}

/** What was found had to be a directory. */
export function* namei_enotdir(nd: Nameidata): Status {
  yield* namei_release(nd);
  return ENOTDIR;
}

/** Locks the leaf, and then lets the directory go unless it is asked for. */
export function* namei_lockleaf(nd: Nameidata): Status {
  if (hooks.takeYield()) yield* mi_switch();
  const { flags } = nd.cnd;
  const vp = nd.vp!;
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

/** After an error: lets everything go, and answers it. */
export function* namei_fail(nd: Nameidata, error: Errno): Status {
  yield* namei_release(nd);
  return error;
}

function* namei_release(nd: Nameidata): Generator<void, void, void> {
  const { vp, dvp } = nd;
  nd.vp = null;
  nd.dvp = null;
  if (dvp !== null) yield* vput(dvp);
  if (vp !== null) yield* vrele(vp);
}
