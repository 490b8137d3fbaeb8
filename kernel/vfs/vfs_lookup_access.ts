/**
 * Who may make, remove and rename names, for namei(): the checks that need the directory. Follows
 * NetBSD sys/kern/vfs_lookup.c, and the end of every file system's lookup there.
 */

import { done } from '../hooks.ts';
import { EJUSTRETURN, ENOENT, EROFS, type Errno } from '../kern/errno.ts';
import type { Cred } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
import { genfs_can_sticky } from './genfs.ts';
import { MNT_RDONLY } from './mount.ts';
import {
  CREATE,
  CREATEDIR,
  DELETE,
  ISDOTDOT,
  ISLASTCN,
  type Nameidata,
  RENAME,
  REQUIREDIR,
} from './namei.ts';
import { S_ISTXT } from './stat.ts';
import { vn_lock } from './vfs_vnops.ts';
import { LK_RETRY, LK_SHARED, VAttr, type Vnode, VWRITE } from './vnode.ts';
import { VOP_ACCESS, VOP_GETATTR, VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** The name does not exist; only the last component may be new. */
export function lookup_absent(nd: Nameidata, error: Errno): MaySleep<Errno | undefined> {
  const { nameiop, flags } = nd.cnd;
  if (error !== ENOENT && error !== EJUSTRETURN) return done(error);
  const mayBeNew = (flags & ISLASTCN) !== 0 && (nameiop === CREATE || nameiop === RENAME);
  if (!mayBeNew) return done(error);
  if ((flags & (REQUIREDIR | CREATEDIR)) === REQUIREDIR) return done(ENOENT);
  const dvp = nd.dvp!;
  if ((dvp.mount.flag & MNT_RDONLY) !== 0) return done(EROFS);
  return VOP_ACCESS(dvp, VWRITE, nd.cnd.cred);
}

/** Whether the name found may be taken away from its directory. */
export function lookup_checkparent(nd: Nameidata): MaySleep<Errno | undefined> {
  const { nameiop, flags } = nd.cnd;
  const taken = nameiop === DELETE || nameiop === RENAME;
  return taken && (flags & ISLASTCN) !== 0 ? lookup_candelete(nd) : done(undefined);
}

function lookup_candelete(nd: Nameidata): MaySleep<Errno | undefined> {
  const dvp = nd.dvp!;
  const cred = nd.cnd.cred;
  if ((dvp.mount.flag & MNT_RDONLY) !== 0) return done(EROFS);
  return cred.euid === 0 ? VOP_ACCESS(dvp, VWRITE, cred) : lookup_cantake(nd, dvp, cred);
}

/** For others than the superuser, a sticky directory has a say as well. */
function* lookup_cantake(nd: Nameidata, dvp: Vnode, cred: Cred): Status {
  const denied = yield* VOP_ACCESS(dvp, VWRITE, cred);
  if (denied !== undefined) return denied;
  if ((nd.cnd.flags & ISDOTDOT) !== 0) return undefined;
  const va = new VAttr();
  let error = yield* VOP_GETATTR(dvp, va, cred);
  if (error !== undefined || (va.mode & S_ISTXT) === 0) return error;
  const dirUid = va.uid;
  const vp = nd.vp!;
  if (vp !== dvp) yield* vn_lock(vp, LK_SHARED | LK_RETRY);
  error = yield* VOP_GETATTR(vp, va, cred);
  if (vp !== dvp) VOP_UNLOCK(vp);
  return error ?? genfs_can_sticky(cred, dirUid, va.uid);
}
