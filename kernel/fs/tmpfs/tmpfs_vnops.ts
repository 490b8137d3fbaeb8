/**
 * Vnode operations of tmpfs. Follows NetBSD sys/fs/tmpfs/tmpfs_vnops.c.
 *
 * What cannot sleep is a plain function, and so one step for every schedule. Renaming is in
 * tmpfs_rename.ts, attributes are in tmpfs_attr.ts.
 *
 * Locking  As vnode_if.ts says for each operation. link locks the directory, then the file.
 */

import { done } from '../../hooks.ts';
import {
  EINVAL,
  EISDIR,
  EMLINK,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  type Errno,
} from '../../kern/errno.ts';
import { FWRITE } from '../../kern/file.ts';
import { nanotime } from '../../kern/kern_time.ts';
import type { Cred } from '../../kern/proc.ts';
import { KASSERT } from '../../kern/subr_prf.ts';
import type { MaySleep } from '../../maysleep.ts';
import type { DirUio } from '../../vfs/dirent.ts';
import { O_APPEND } from '../../vfs/fcntl.ts';
import { genfs_clear_setid } from '../../vfs/genfs.ts';
import { MNT_NOATIME, MNT_RDONLY } from '../../vfs/mount.ts';
import { type ComponentName, ISDOTDOT } from '../../vfs/namei.ts';
import { APPEND, IMMUTABLE } from '../../vfs/stat.ts';
import type { Uio } from '../../vfs/uio.ts';
import { vcache_get, vput } from '../../vfs/vfs_vnode.ts';
import { vn_lock } from '../../vfs/vfs_vnops.ts';
import {
  IO_APPEND,
  LK_EXCLUSIVE,
  LK_RETRY,
  type VAttr,
  VDIR,
  type Vnode,
  VREG,
  VS_LOADED,
} from '../../vfs/vnode.ts';
import { type VnodeOps, VOP_UNLOCK, vnodeops } from '../../vfs/vnode_if.ts';
import {
  LINK_MAX,
  TMPFS_UPDATE_ATIME,
  TMPFS_UPDATE_CTIME,
  TMPFS_UPDATE_MTIME,
  type TmpfsNode,
  VP_TO_TMPFS_DIR,
  VP_TO_TMPFS_NODE,
} from './tmpfs.ts';
import { tmpfs_access, tmpfs_getattr, tmpfs_setattr } from './tmpfs_attr.ts';
import {
  tmpfs_dir_attach,
  tmpfs_dir_detach,
  tmpfs_dir_getdents,
  tmpfs_dir_lookup,
  tmpfs_dirent_reserve,
} from './tmpfs_dir.ts';
import { tmpfs_reg_read, tmpfs_reg_resize, tmpfs_reg_write } from './tmpfs_file.ts';
import { tmpfs_rename } from './tmpfs_rename.ts';
import { tmpfs_construct_node, tmpfs_free_node, tmpfs_update } from './tmpfs_subr.ts';

type Status = MaySleep<Errno | undefined>;

/** VOP_LOOKUP. Errors: ENOENT. */
export function tmpfs_lookup(dvp: Vnode, cnp: ComponentName): MaySleep<Vnode | Errno> {
  const dir = (dvp.data as TmpfsNode).dir!;
  if ((cnp.flags & ISDOTDOT) !== 0) {
    return dir.parent === null ? done(ENOENT) : vcache_get(dvp.mount, dir.parent);
  }
  const de = dir.entries.get(cnp.name);
  if (de === undefined) return done(ENOENT);
  const vp = de.node.vnode;
  if (vp === null || vp.state !== VS_LOADED) return vcache_get(dvp.mount, de.node);
  vp.usecount++;
  return done(vp);
}

/** VOP_CREATE, VOP_MKNOD and VOP_MKDIR. */
export function tmpfs_create(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno> {
  return tmpfs_construct_node(dvp, vap, cnp, '');
}

/** VOP_SYMLINK. */
export function tmpfs_symlink(
  dvp: Vnode,
  cnp: ComponentName,
  vap: VAttr,
  target: string,
): MaySleep<Vnode | Errno> {
  return tmpfs_construct_node(dvp, vap, cnp, target);
}

/** VOP_OPEN. Errors: ENOENT for a file without names, EPERM for rewriting what only grows. */
export function tmpfs_open(vp: Vnode, mode: number): Status {
  const node = VP_TO_TMPFS_NODE(vp);
  if (node.links < 1) return done(ENOENT);
  const rewrites = (mode & (FWRITE | O_APPEND)) === FWRITE;
  return done((node.flags & APPEND) !== 0 && rewrites ? EPERM : undefined);
}

/** VOP_READ. Errors: EISDIR, EINVAL. */
export function tmpfs_read(vp: Vnode, uio: Uio): Status {
  if (vp.type !== VREG) return done(vp.type === VDIR ? EISDIR : EINVAL);
  if (uio.offset < 0) return done(EINVAL);
  if (uio.resid === 0) return done(undefined);
  const node = vp.data as TmpfsNode;
  if ((vp.mount.flag & (MNT_RDONLY | MNT_NOATIME)) === 0) node.atime = nanotime();
  tmpfs_reg_read(node, uio);
  return done(undefined);
}

/** VOP_WRITE: all of it or nothing. Errors: EINVAL, ENOSPC, EFBIG. */
export function tmpfs_write(vp: Vnode, uio: Uio, ioflag: number, cred: Cred): Status {
  if (vp.type !== VREG || uio.offset < 0) return done(EINVAL);
  if (uio.resid === 0) return done(undefined);
  const node = VP_TO_TMPFS_NODE(vp);
  if ((ioflag & IO_APPEND) !== 0) uio.offset = node.size;
  const { offset, resid } = uio;
  const oldsize = node.size;
  const error = tmpfs_reg_write(node, uio);
  if (error !== undefined) {
    if (node.size > oldsize) void tmpfs_reg_resize(node, oldsize);
    uio.offset = offset;
    uio.resid = resid;
    return done(error);
  }
  vp.size = node.size;
  node.mode = genfs_clear_setid(cred, node.mode);
  tmpfs_update(vp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return done(undefined);
}

/** VOP_REMOVE. Errors: EPERM. */
export function tmpfs_remove(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status {
  const error = remove(dvp, vp, cnp);
  return error === undefined ? vput(vp) : put_and_fail(vp, error);
}

function remove(dvp: Vnode, vp: Vnode, cnp: ComponentName): Errno | undefined {
  const dnode = VP_TO_TMPFS_DIR(dvp);
  const node = VP_TO_TMPFS_NODE(vp);
  if (vp.type === VDIR) return EPERM;
  if ((node.flags & (IMMUTABLE | APPEND)) !== 0 || (dnode.flags & APPEND) !== 0) return EPERM;
  const de = tmpfs_dir_lookup(dnode, cnp.name);
  if (de === undefined) return ENOENT;
  KASSERT(de.node === node, 'tmpfs: remove of a name of another file');
  tmpfs_dir_detach(dnode, de);
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return undefined;
}

/** VOP_LINK. Errors: EPERM, EMLINK, ENOENT, ENOSPC. */
export function* tmpfs_link(
  dvp: Vnode,
  vp: Vnode,
  cnp: ComponentName,
): Generator<void, Errno | undefined, void> {
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  const error = link(dvp, vp, cnp);
  VOP_UNLOCK(vp);
  return error;
}

function link(dvp: Vnode, vp: Vnode, cnp: ComponentName): Errno | undefined {
  const dnode = VP_TO_TMPFS_DIR(dvp);
  const node = VP_TO_TMPFS_NODE(vp);
  if (node.links === 0 || dnode.dir!.parent === null) return ENOENT;
  if (node.links >= LINK_MAX) return EMLINK;
  if ((node.flags & (IMMUTABLE | APPEND)) !== 0) return EPERM;
  if (!tmpfs_dirent_reserve(dnode, cnp.name)) return ENOSPC;
  tmpfs_dir_attach(dnode, cnp.name, node);
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return undefined;
}

/** VOP_RMDIR. Errors: ENOTEMPTY, EINVAL for `..`, EPERM. */
export function tmpfs_rmdir(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status {
  const error = rmdir(dvp, vp, cnp);
  return error === undefined ? vput(vp) : put_and_fail(vp, error);
}

function* put_and_fail(vp: Vnode, error: Errno): Generator<void, Errno, void> {
  yield* vput(vp);
  return error;
}

function rmdir(dvp: Vnode, vp: Vnode, cnp: ComponentName): Errno | undefined {
  const dnode = VP_TO_TMPFS_DIR(dvp);
  const node = VP_TO_TMPFS_NODE(vp);
  const dir = node.dir;
  if (dir === null) return ENOTDIR;
  if (dir.entries.size > 0) return ENOTEMPTY;
  if (dir.parent !== dnode) return EINVAL;
  if ((node.flags & (IMMUTABLE | APPEND)) !== 0 || (dnode.flags & APPEND) !== 0) return EPERM;
  const de = tmpfs_dir_lookup(dnode, cnp.name);
  KASSERT(de !== undefined && de.node === node, 'tmpfs: rmdir of a name of another directory');
  tmpfs_dir_detach(dnode, de);
  node.links--;
  tmpfs_update(vp, TMPFS_UPDATE_CTIME);
  tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return undefined;
}

/** VOP_READDIR. Errors: EINVAL when not even one entry fits. */
export function tmpfs_readdir(vp: Vnode, uio: DirUio): Status {
  const node = VP_TO_TMPFS_DIR(vp);
  tmpfs_update(vp, TMPFS_UPDATE_ATIME);
  tmpfs_dir_getdents(node, uio, (node.dir!.parent ?? node).id);
  return done(uio.entries.length === 0 && !uio.eof ? EINVAL : undefined);
}

/** VOP_READLINK. */
export function tmpfs_readlink(vp: Vnode): MaySleep<string> {
  tmpfs_update(vp, TMPFS_UPDATE_ATIME);
  return done(VP_TO_TMPFS_NODE(vp).link);
}

/** VOP_INACTIVE: a node without names is to be recycled. */
export function tmpfs_inactive(vp: Vnode): MaySleep<boolean> {
  return done(VP_TO_TMPFS_NODE(vp).links === 0);
}

/** Whether tmpfs_inactive() has nothing to do: the file still has a name. */
export function tmpfs_idle(vp: Vnode): boolean {
  return VP_TO_TMPFS_NODE(vp).links !== 0;
}

/** VOP_RECLAIM: the node goes with its vnode when it has no name. */
export function tmpfs_reclaim(vp: Vnode): Status {
  const node = VP_TO_TMPFS_NODE(vp);
  node.vnode = null;
  vp.data = null;
  if (node.links === 0) tmpfs_free_node(node.mount, node);
  return done(undefined);
}

export const tmpfs_vnodeops: VnodeOps = vnodeops({
  name: 'tmpfs',
  lookup: tmpfs_lookup,
  create: tmpfs_create,
  mknod: tmpfs_create,
  open: tmpfs_open,
  access: tmpfs_access,
  getattr: tmpfs_getattr,
  setattr: tmpfs_setattr,
  read: tmpfs_read,
  write: tmpfs_write,
  remove: tmpfs_remove,
  link: tmpfs_link,
  rename: tmpfs_rename,
  mkdir: tmpfs_create,
  rmdir: tmpfs_rmdir,
  symlink: tmpfs_symlink,
  readdir: tmpfs_readdir,
  readlink: tmpfs_readlink,
  idle: tmpfs_idle,
  inactive: tmpfs_inactive,
  reclaim: tmpfs_reclaim,
});
