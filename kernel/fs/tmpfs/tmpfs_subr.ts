/**
 * Nodes of tmpfs: making, naming and freeing them, and their times. Follows NetBSD
 * sys/fs/tmpfs/tmpfs_subr.c.
 *
 * A node is freed when its vnode is reclaimed and it has no name left (tmpfs_reclaim), so a file
 * that is open or somebody's current directory stays usable after its last name is gone.
 *
 * Locking  The vnode of the directory is locked exclusively by whoever makes or removes a name.
 */

import { EMLINK, ENOENT, ENOSPC, EROFS, type Errno, isErrno } from '../../kern/errno.ts';
import { nanotime } from '../../kern/kern_time.ts';
import type { Cred } from '../../kern/proc.ts';
import { done, handOn, takeDone } from '../../hooks.ts';
import { KASSERT } from '../../kern/subr_prf.ts';
import type { Going, MaySleep } from '../../maysleep.ts';
import { MNT_NOATIME, MNT_RDONLY, type Mount } from '../../vfs/mount.ts';
import type { ComponentName } from '../../vfs/namei.ts';
import { vcache_new } from '../../vfs/vfs_vnode.ts';
import { type VAttr, VBLK, VCHR, VDIR, VNOVAL, VREG, type Vnode } from '../../vfs/vnode.ts';
import {
  LINK_MAX,
  TMPFS_NODE_SIZE,
  TMPFS_UPDATE_ATIME,
  TMPFS_UPDATE_CTIME,
  TMPFS_UPDATE_MTIME,
  TmpfsDir,
  type TmpfsMount,
  TmpfsNode,
  VP_TO_TMPFS_NODE,
} from './tmpfs.ts';
import { tmpfs_dir_attach, tmpfs_dirent_reserve, tmpfs_dirent_unreserve } from './tmpfs_dir.ts';
import { tmpfs_reg_resize } from './tmpfs_file.ts';
import { tmpfs_mem_decr, tmpfs_mem_incr } from './tmpfs_mem.ts';

/** A node without names, owned by `cred` in group `gid`. Errors: ENOSPC. */
export function tmpfs_alloc_node(
  tmp: TmpfsMount,
  vap: VAttr,
  cred: Cred,
  gid: number,
): TmpfsNode | Errno {
  if (tmp.nodes >= tmp.nodesMax || !tmpfs_mem_incr(tmp, TMPFS_NODE_SIZE)) return ENOSPC;
  const node = new TmpfsNode(tmp, vap.type, vap.mode & 0o7777, cred.euid, gid, nanotime());
  tmp.nodes++;
  if (vap.type === VDIR) {
    node.dir = new TmpfsDir();
    node.links = 1;
  } else if (vap.type === VREG) node.pages = [];
  else if (vap.type === VBLK || vap.type === VCHR) node.rdev = vap.rdev === VNOVAL ? 0 : vap.rdev;
  return node;
}

/** Frees a node that has neither names nor a vnode. */
export function tmpfs_free_node(tmp: TmpfsMount, node: TmpfsNode): void {
  const dir = node.dir;
  KASSERT(node.vnode === null, 'tmpfs: a node is freed before its vnode');
  KASSERT(dir === null || dir.entries.size === 0, 'tmpfs: a directory is freed with entries in it');
  KASSERT(node.links === 0, 'tmpfs: a node is freed with names left');
  if (node.pages !== null) void tmpfs_reg_resize(node, 0);
  tmpfs_mem_decr(tmp, TMPFS_NODE_SIZE + node.link.length);
  tmp.nodes--;
}

/** Ties a node and its vnode together. */
export function tmpfs_init_vnode(vp: Vnode, node: TmpfsNode): void {
  KASSERT(node.vnode === null, 'tmpfs: a node has two vnodes');
  node.vnode = vp;
  vp.data = node;
  vp.type = node.type;
  vp.size = node.size;
}

/**
 * Makes a file and enters it in a directory: tmpfs_construct_node(). Gives its vnode, referenced,
 * not locked. Errors: ENOENT when the directory was removed, EMLINK, ENOSPC.
 */
export function tmpfs_construct_node(
  dvp: Vnode,
  vap: VAttr,
  cnp: ComponentName,
  target: string,
): MaySleep<Vnode | Errno> {
  const dnode = VP_TO_TMPFS_NODE(dvp);
  if (dnode.dir!.parent === null) return done(ENOENT);
  if (vap.type === VDIR && dnode.links >= LINK_MAX) return done(EMLINK);
  if (!tmpfs_dirent_reserve(dnode, cnp.name)) return done(ENOSPC);
  if (!tmpfs_mem_incr(dnode.mount, target.length)) {
    tmpfs_dirent_unreserve(dnode, cnp.name);
    return done(ENOSPC);
  }
  const making = handOn(vcache_new(dvp.mount, dvp, vap, cnp));
  if (making !== undefined) return construct_wait(making, dvp, cnp, target);
  return done(constructed(takeDone<Vnode | Errno>(), dvp, cnp, target));
}

function* construct_wait(
  making: Going<Vnode | Errno>,
  dvp: Vnode,
  cnp: ComponentName,
  target: string,
): Generator<void, Vnode | Errno, void> {
  return constructed(yield* making, dvp, cnp, target);
}

/** The vnode is there, or why not: enters the name, or gives back what was reserved for it. */
function constructed(
  vp: Vnode | Errno,
  dvp: Vnode,
  cnp: ComponentName,
  target: string,
): Vnode | Errno {
  const dnode = VP_TO_TMPFS_NODE(dvp);
  if (isErrno(vp)) {
    tmpfs_mem_decr(dnode.mount, target.length);
    tmpfs_dirent_unreserve(dnode, cnp.name);
    return vp;
  }
  const node = VP_TO_TMPFS_NODE(vp);
  node.link = target;
  if (target !== '') node.size = target.length;
  tmpfs_dir_attach(dnode, cnp.name, node);
  tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return vp;
}

/** Sets times of a node to now: TMPFS_UPDATE_*. A read-only mount keeps them. */
export function tmpfs_update(vp: Vnode, what: number): void {
  const still = what === TMPFS_UPDATE_ATIME ? MNT_RDONLY | MNT_NOATIME : MNT_RDONLY;
  if ((vp.mount.flag & still) !== 0) return;
  const node = vp.data as TmpfsNode;
  const now = nanotime();
  if ((what & TMPFS_UPDATE_CTIME) !== 0) node.ctime = now;
  if ((what & TMPFS_UPDATE_MTIME) !== 0) node.mtime = now;
  if ((what & TMPFS_UPDATE_ATIME) !== 0) node.atime = now;
}

/** Whether a mount may be changed. Errors: EROFS. */
export function tmpfs_writable(mp: Mount): Errno | undefined {
  return (mp.flag & MNT_RDONLY) !== 0 ? EROFS : undefined;
}
