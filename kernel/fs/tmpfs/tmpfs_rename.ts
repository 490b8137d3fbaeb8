/**
 * Renaming in tmpfs. Follows NetBSD sys/fs/tmpfs/tmpfs_rename.c and genfs_rename.c.
 *
 * The caller comes with the target directory locked, but a lookup locks parents before children
 * (vfs_lookup.ts), and nobody knows yet which of the two directories is above the other. To lock
 * the source directory now can close a circle: that was kern/36681, and test/gallery/kern-36681
 * has the old way. So:
 *
 *   1. Everything is unlocked. The rename lock of the mount, which the caller holds, keeps other
 *      renames away, so the shape of the tree cannot change: only rename moves directories.
 *   2. The two directories are locked, an ancestor first; of unrelated ones the target first.
 *   3. Both names are looked up again, as anything may have happened to them meanwhile, and what
 *      they name is locked: source first. Neither is above a directory that is locked already,
 *      as that would be a directory on the way between the two, which is refused before (EINVAL
 *      below the source, ENOTEMPTY above the source).
 *   4. Everything is checked, and then the entries move, all in one step.
 *
 * Locking  Enters with tdvp and tvp locked, and fdvp and fvp not; leaves all four unlocked and
 *          released.
 * Differs  As rename(2) of NetBSD, not POSIX: of two names of the same file the source is removed.
 */

import { tellMarked, tellUnmarked } from '../../world/tell.ts';
import {
  EBUSY,
  EINVAL,
  EISDIR,
  EMLINK,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  type Errno,
  isErrno,
} from '../../kern/errno.ts';
import type { Cred } from '../../kern/proc.ts';
import { KASSERT } from '../../kern/subr_prf.ts';
import { genfs_can_sticky } from '../../vfs/genfs.ts';
import type { ComponentName } from '../../vfs/namei.ts';
import { APPEND, IMMUTABLE, S_ISTXT } from '../../vfs/stat.ts';
import { vcache_get, vput, vrele } from '../../vfs/vfs_vnode.ts';
import { vn_lock } from '../../vfs/vfs_vnops.ts';
import { LK_EXCLUSIVE, LK_RETRY, type Vnode, VWRITE } from '../../vfs/vnode.ts';
import { VOP_ACCESS, VOP_UNLOCK } from '../../vfs/vnode_if.ts';
import {
  LINK_MAX,
  TMPFS_UPDATE_CTIME,
  TMPFS_UPDATE_MTIME,
  type TmpfsDirent,
  type TmpfsNode,
  VP_TO_TMPFS_DIR,
  VP_TO_TMPFS_NODE,
} from './tmpfs.ts';
import {
  tmpfs_dir_attach,
  tmpfs_dir_detach,
  tmpfs_dir_lookup,
  tmpfs_dirent_reserve,
} from './tmpfs_dir.ts';
import { tmpfs_update } from './tmpfs_subr.ts';

type Status = Generator<void, Errno | undefined, void>;

/** VOP_RENAME. Errors: EINVAL, EISDIR, ENOTDIR, ENOTEMPTY, ENOENT, EBUSY, EPERM, EMLINK, ENOSPC. */
export function* tmpfs_rename(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Status {
  if (tvp !== null && tvp !== tdvp) VOP_UNLOCK(tvp);
  VOP_UNLOCK(tdvp);
  yield* vrele(fvp);
  if (tvp !== null) yield* vrele(tvp);
  const error = yield* tmpfs_sane_rename(fdvp, fcnp, tdvp, tcnp);
  yield* vrele(fdvp);
  yield* vrele(tdvp);
  return error;
}

/** What a rename is about, once all of it is locked. */
export interface TmpfsRename {
  readonly fdvp: Vnode;
  readonly fde: TmpfsDirent;
  readonly fvp: Vnode;
  readonly tdvp: Vnode;
  /** The entry that is replaced; undefined for a new name. */
  readonly tde: TmpfsDirent | undefined;
  readonly tvp: Vnode | null;
  readonly tname: string;
}

/** Steps 2 to 4 of above; the directories are referenced, and not locked. */
function* tmpfs_sane_rename(
  fdvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tcnp: ComponentName,
): Status {
  if (fdvp === tdvp && fcnp.name === tcnp.name) return undefined;
  const between = tmpfs_rename_genealogy(VP_TO_TMPFS_DIR(fdvp), VP_TO_TMPFS_DIR(tdvp));
  const above = tmpfs_rename_genealogy(VP_TO_TMPFS_DIR(tdvp), VP_TO_TMPFS_DIR(fdvp));
  const [first, second] = between === null ? [tdvp, fdvp] : [fdvp, tdvp];
  yield* vn_lock(first, LK_EXCLUSIVE | LK_RETRY);
  if (second !== first) yield* vn_lock(second, LK_EXCLUSIVE | LK_RETRY);
  const error = yield* tmpfs_rename_locked(fdvp, fcnp, tdvp, tcnp, between, above);
  if (second !== first) VOP_UNLOCK(second);
  VOP_UNLOCK(first);
  return error;
}

/**
 * The directory in `ancestor` on the way down to `node`; null when that way does not exist or is
 * empty. Locks: the rename lock, which guards every `parent`, except that rmdir may clear one.
 */
export function tmpfs_rename_genealogy(ancestor: TmpfsNode, node: TmpfsNode): TmpfsNode | null {
  let child = node;
  for (;;) {
    // What rmdir clears meanwhile is seen under the locks, in tmpfs_rename_locked().
    tellMarked();
    const parent = child.dir!.parent;
    tellUnmarked();
    if (parent === null || parent === child) return null;
    if (parent === ancestor) return child;
    child = parent;
  }
}

/** Both directories are locked: looks the names up again, locks what they name, and goes on. */
function* tmpfs_rename_locked(
  fdvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tcnp: ComponentName,
  between: TmpfsNode | null,
  above: TmpfsNode | null,
): Status {
  const tdnode = VP_TO_TMPFS_DIR(tdvp);
  const fde = tmpfs_dir_lookup(VP_TO_TMPFS_DIR(fdvp), fcnp.name);
  const tde = tmpfs_dir_lookup(tdnode, tcnp.name);
  if (fde === undefined || tdnode.dir!.parent === null) return ENOENT;
  if (fde.node === between) return EINVAL;
  if (tde !== undefined && tde.node === above) return fde.node.dir === null ? EISDIR : ENOTEMPTY;
  const fvp = yield* vcache_get(fdvp.mount, fde.node);
  if (isErrno(fvp)) return fvp;
  const tvp = tde === undefined ? null : yield* vcache_get(tdvp.mount, tde.node);
  if (isErrno(tvp)) {
    yield* vrele(fvp);
    return tvp;
  }
  yield* vn_lock(fvp, LK_EXCLUSIVE | LK_RETRY);
  if (tvp !== null && tvp !== fvp) yield* vn_lock(tvp, LK_EXCLUSIVE | LK_RETRY);
  const r: TmpfsRename = { fdvp, fde, fvp, tdvp, tde, tvp, tname: tcnp.name };
  const error =
    tmpfs_rename_check_possible(r) ??
    (yield* tmpfs_rename_check_permitted(r, tcnp.cred)) ??
    tmpfs_rename_move(r);
  if (tvp !== null) yield* tvp === fvp ? vrele(tvp) : vput(tvp);
  yield* vput(fvp);
  return error;
}

/** Whether the types and flags of the files let them be renamed so. */
function tmpfs_rename_check_possible(r: TmpfsRename): Errno | undefined {
  const { fvp, tvp } = r;
  const fnode = VP_TO_TMPFS_NODE(fvp);
  const tnode = tvp === null ? null : VP_TO_TMPFS_NODE(tvp);
  const fdnode = VP_TO_TMPFS_DIR(r.fdvp);
  const tdnode = VP_TO_TMPFS_DIR(r.tdvp);
  if (fvp.mountedhere !== null || (tvp !== null && tvp.mountedhere !== null)) return EBUSY;
  if (tnode !== null) {
    if (fnode.dir !== null && tnode.dir === null) return ENOTDIR;
    if (fnode.dir === null && tnode.dir !== null) return EISDIR;
    if (tnode.dir !== null && tnode.dir.entries.size > 0) return ENOTEMPTY;
    if ((tnode.flags & (IMMUTABLE | APPEND)) !== 0) return EPERM;
  } else if (fnode.dir !== null && fdnode !== tdnode && tdnode.links >= LINK_MAX) return EMLINK;
  if ((fnode.flags & (IMMUTABLE | APPEND)) !== 0) return EPERM;
  return (fdnode.flags & (IMMUTABLE | APPEND)) !== 0 || (tdnode.flags & IMMUTABLE) !== 0
    ? EPERM
    : undefined;
}

/**
 * Whether `cred` may do it: write to both directories, and to a directory whose `..` changes; and
 * what the sticky bit says.
 */
function* tmpfs_rename_check_permitted(r: TmpfsRename, cred: Cred): Status {
  let error = yield* VOP_ACCESS(r.fdvp, VWRITE, cred);
  if (error === undefined && r.fdvp !== r.tdvp) {
    error = yield* VOP_ACCESS(r.tdvp, VWRITE, cred);
    if (error === undefined && VP_TO_TMPFS_NODE(r.fvp).dir !== null) {
      error = yield* VOP_ACCESS(r.fvp, VWRITE, cred);
    }
  }
  if (error !== undefined) return error;
  const tnode = r.tvp === null ? null : VP_TO_TMPFS_NODE(r.tvp);
  return (
    check_sticky(cred, VP_TO_TMPFS_DIR(r.fdvp), VP_TO_TMPFS_NODE(r.fvp)) ??
    (tnode === null ? undefined : check_sticky(cred, VP_TO_TMPFS_DIR(r.tdvp), tnode))
  );
}

function check_sticky(cred: Cred, dnode: TmpfsNode, node: TmpfsNode): Errno | undefined {
  if ((dnode.mode & S_ISTXT) === 0) return undefined;
  return genfs_can_sticky(cred, dnode.uid, node.uid);
}

/** Moves the entry. Locks: all four vnodes exclusively. Errors: ENOSPC, before anything moved. */
export function tmpfs_rename_move(r: TmpfsRename): Errno | undefined {
  const { fdvp, fde, fvp, tdvp, tde, tvp, tname } = r;
  const fdnode = VP_TO_TMPFS_DIR(fdvp);
  const tdnode = VP_TO_TMPFS_DIR(tdvp);
  const fnode = VP_TO_TMPFS_NODE(fvp);
  KASSERT(fde.node === fnode, 'tmpfs: rename of a name of another file');
  if (fvp !== tvp && !tmpfs_dirent_reserve(tdnode, tname)) return ENOSPC;
  tmpfs_dir_detach(fdnode, fde);
  if (fvp !== tvp) {
    if (tde !== undefined) tmpfs_rename_replace(tdnode, tde, tvp!);
    tmpfs_dir_attach(tdnode, tname, fnode);
  }
  tmpfs_update(fvp, TMPFS_UPDATE_CTIME);
  tmpfs_update(fdvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  if (tdvp !== fdvp) tmpfs_update(tdvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME);
  return undefined;
}

/** Takes away the target's old entry. */
function tmpfs_rename_replace(tdnode: TmpfsNode, tde: TmpfsDirent, tvp: Vnode): void {
  const tnode = tde.node;
  tmpfs_dir_detach(tdnode, tde);
  if (tnode.dir !== null) tnode.links--;
  tmpfs_update(tvp, TMPFS_UPDATE_CTIME);
}
