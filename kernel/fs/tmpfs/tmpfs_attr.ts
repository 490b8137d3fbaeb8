/**
 * Attributes of tmpfs: reading and changing them, and who may. Follows NetBSD
 * sys/fs/tmpfs/tmpfs_vnops.c (tmpfs_access, tmpfs_getattr, tmpfs_setattr) and tmpfs_subr.c
 * (tmpfs_chmod and its relatives).
 *
 * Locking  The vnode: exclusively to change it.
 */

import { done } from '../../hooks.ts';
import { EINVAL, EISDIR, EOPNOTSUPP, EPERM, EROFS, type Errno } from '../../kern/errno.ts';
import type { Cred } from '../../kern/proc.ts';
import type { MaySleep } from '../../maysleep.ts';
import {
  genfs_can_access,
  genfs_can_chflags,
  genfs_can_chmod,
  genfs_can_chown,
  genfs_can_chtimes,
  genfs_clear_setid,
} from '../../vfs/genfs.ts';
import { APPEND, IMMUTABLE } from '../../vfs/stat.ts';
import {
  type AccMode,
  VA_UTIMES_NULL,
  type VAttr,
  VBLK,
  VCHR,
  VDIR,
  VEXEC,
  VLNK,
  VNON,
  VNOVAL,
  VREG,
  type Vnode,
  VWRITE,
} from '../../vfs/vnode.ts';
import {
  PAGE_SIZE,
  TMPFS_UPDATE_CTIME,
  TMPFS_UPDATE_MTIME,
  type TmpfsNode,
  VP_TO_TMPFS_NODE,
} from './tmpfs.ts';
import { tmpfs_reg_resize } from './tmpfs_file.ts';
import { tmpfs_update, tmpfs_writable } from './tmpfs_subr.ts';

/** A mode by which everybody may search a directory: most of them. */
const XUGO = 0o111;

/** VOP_ACCESS. Errors: EACCES, EROFS, EPERM for writing to what is immutable. */
export function tmpfs_access(vp: Vnode, accmode: AccMode, cred: Cred): MaySleep<Errno | undefined> {
  const node = vp.data as TmpfsNode;
  if (accmode === VEXEC && node.type === VDIR && (cred.euid === 0 || (node.mode & XUGO) === XUGO)) {
    return done(undefined);
  }
  if ((accmode & VWRITE) !== 0) {
    const ordinary = node.type === VREG || node.type === VDIR || node.type === VLNK;
    if (ordinary && tmpfs_writable(vp.mount) !== undefined) return done(EROFS);
    if ((node.flags & IMMUTABLE) !== 0) return done(EPERM);
  }
  return done(genfs_can_access(node.type, cred, node.uid, node.gid, node.mode, accmode));
}

/** VOP_GETATTR. */
export function tmpfs_getattr(vp: Vnode, vap: VAttr): MaySleep<undefined> {
  const node = vp.data as TmpfsNode;
  ({ type: vap.type, mode: vap.mode, links: vap.nlink, uid: vap.uid, gid: vap.gid } = node);
  ({ id: vap.fileid, size: vap.size, flags: vap.flags } = node);
  ({ atime: vap.atime, mtime: vap.mtime, ctime: vap.ctime, birthtime: vap.birthtime } = node);
  vap.fsid = vp.mount.stat.fsid;
  vap.blocksize = PAGE_SIZE;
  vap.gen = 0;
  if (node.type === VBLK || node.type === VCHR) vap.rdev = node.rdev;
  vap.bytes = node.type === VREG ? node.pageCount * PAGE_SIZE : node.size;
  return done(undefined);
}

/** VOP_SETATTR: whatever is not VNOVAL. Errors: EINVAL, EPERM, EACCES, EROFS, EISDIR. */
export function tmpfs_setattr(vp: Vnode, vap: VAttr, cred: Cred): MaySleep<Errno | undefined> {
  return done(
    fixed(vap) ??
      chflags(vp, vap, cred) ??
      chsize(vp, vap) ??
      chown(vp, vap, cred) ??
      chmod(vp, vap, cred) ??
      chtimes(vp, vap, cred),
  );
}

/** Attributes that nobody can set. */
function fixed(vap: VAttr): Errno | undefined {
  const { type, nlink, fsid, fileid, blocksize, ctime, gen, rdev, bytes } = vap;
  const given = [nlink, fsid, fileid, blocksize, ctime, gen, rdev, bytes];
  return type !== VNON || given.some((value) => value !== VNOVAL) ? EINVAL : undefined;
}

/** Whether attributes of a file may be changed at all. */
function changeable(vp: Vnode, node: TmpfsNode): Errno | undefined {
  return (
    tmpfs_writable(vp.mount) ?? ((node.flags & (IMMUTABLE | APPEND)) !== 0 ? EPERM : undefined)
  );
}

/** chflags(2). */
function chflags(vp: Vnode, vap: VAttr, cred: Cred): Errno | undefined {
  if (vap.flags === VNOVAL) return undefined;
  const node = VP_TO_TMPFS_NODE(vp);
  const error = tmpfs_writable(vp.mount) ?? genfs_can_chflags(cred, node.uid);
  if (error !== undefined) return error;
  node.flags = vap.flags;
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  return undefined;
}

/** truncate(2); the caller saw to the permission. */
function chsize(vp: Vnode, vap: VAttr): Errno | undefined {
  if (vap.size === VNOVAL) return undefined;
  const node = VP_TO_TMPFS_NODE(vp);
  switch (node.type) {
    case VDIR:
      return EISDIR;
    case VREG:
      return changeable(vp, node) ?? tmpfs_truncate(vp, vap.size);
    case VLNK:
      return EOPNOTSUPP;
    default:
      return undefined;
  }
}

/** Sets the size of a regular file: tmpfs_truncate(). Errors: EINVAL, EFBIG. */
export function tmpfs_truncate(vp: Vnode, length: number): Errno | undefined {
  const node = VP_TO_TMPFS_NODE(vp);
  if (length < 0) return EINVAL;
  const error = tmpfs_reg_resize(node, length);
  if (error !== undefined) return error;
  vp.size = length;
  tmpfs_update(vp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return undefined;
}

/** chown(2). */
function chown(vp: Vnode, vap: VAttr, cred: Cred): Errno | undefined {
  if (vap.uid === VNOVAL && vap.gid === VNOVAL) return undefined;
  const node = VP_TO_TMPFS_NODE(vp);
  const uid = vap.uid === VNOVAL ? node.uid : vap.uid;
  const gid = vap.gid === VNOVAL ? node.gid : vap.gid;
  const error = changeable(vp, node) ?? genfs_can_chown(cred, node.uid, node.gid, uid, gid);
  if (error !== undefined) return error;
  node.uid = uid;
  node.gid = gid;
  node.mode = genfs_clear_setid(cred, node.mode);
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  return undefined;
}

/** chmod(2). */
function chmod(vp: Vnode, vap: VAttr, cred: Cred): Errno | undefined {
  if (vap.mode === VNOVAL) return undefined;
  const node = VP_TO_TMPFS_NODE(vp);
  const mode = vap.mode & 0o7777;
  const error = changeable(vp, node) ?? genfs_can_chmod(node.type, cred, node.uid, node.gid, mode);
  if (error !== undefined) return error;
  node.mode = mode;
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  return undefined;
}

/** utimensat(2). */
function chtimes(vp: Vnode, vap: VAttr, cred: Cred): Errno | undefined {
  if (vap.atime === VNOVAL && vap.mtime === VNOVAL && vap.birthtime === VNOVAL) return undefined;
  const node = VP_TO_TMPFS_NODE(vp);
  const { type, uid, gid, mode } = node;
  const toNow = (vap.vaflags & VA_UTIMES_NULL) !== 0 ? 'now' : 'any time';
  const writable = genfs_can_access(type, cred, uid, gid, mode, VWRITE);
  const error = changeable(vp, node) ?? genfs_can_chtimes(cred, uid, toNow, writable);
  if (error !== undefined) return error;
  if (vap.atime !== VNOVAL) node.atime = vap.atime;
  if (vap.mtime !== VNOVAL) node.mtime = vap.mtime;
  if (vap.birthtime !== VNOVAL) node.birthtime = vap.birthtime;
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  return undefined;
}
