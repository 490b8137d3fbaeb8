/**
 * Renaming as it was: NetBSD sys/fs/tmpfs/tmpfs_vnops.c (tmpfs_rename) before kern/36681.
 *
 * It comes with the target directory locked, and locks the source directory then: from "/file" to
 * "/dir/file" that is the child first and the parent second, against the order of every lookup.
 */

import {
  type ComponentName,
  ENOENT,
  type Errno,
  isErrno,
  LK_EXCLUSIVE,
  LK_RETRY,
  tmpfs_dir_lookup,
  tmpfs_rename_move,
  VOP_UNLOCK,
  VP_TO_TMPFS_DIR,
  type Vnode,
  vn_lock,
  vput,
  vrele,
} from 'rumpus';

type Status = Generator<void, Errno | undefined, void>;

export function* oldRename(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Status {
  if (fdvp !== tdvp) yield* vn_lock(fdvp, LK_EXCLUSIVE | LK_RETRY);
  if (fvp !== tvp) yield* vn_lock(fvp, LK_EXCLUSIVE | LK_RETRY);
  const error = move(fdvp, fvp, fcnp, tdvp, tvp, tcnp);
  yield* fvp === tvp ? vrele(fvp) : vput(fvp);
  if (fdvp !== tdvp) VOP_UNLOCK(fdvp);
  yield* vrele(fdvp);
  if (tvp !== null) yield* vput(tvp);
  yield* vput(tdvp);
  return isErrno(error) ? error : undefined;
}

function move(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Errno | undefined {
  const fde = tmpfs_dir_lookup(VP_TO_TMPFS_DIR(fdvp), fcnp.name);
  const tde = tmpfs_dir_lookup(VP_TO_TMPFS_DIR(tdvp), tcnp.name);
  if (fde === undefined || fde.node !== fvp.data) return ENOENT;
  return tmpfs_rename_move({ fdvp, fde, fvp, tdvp, tde, tvp, tname: tcnp.name });
}
