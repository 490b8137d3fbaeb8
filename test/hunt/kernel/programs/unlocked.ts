/** A tmpfs whose rename locks no directory: names come and go under lookups. */

import {
  type ComponentName,
  ENOENT,
  type Errno,
  O_CREAT,
  O_RDWR,
  program,
  type Sys,
  SysError,
  tmpfs_dir_lookup,
  tmpfs_rename_move,
  tmpfsComponent,
  VOP_UNLOCK,
  VP_TO_TMPFS_DIR,
  type Vnode,
  vrele,
} from 'rumpus';

function* unlockedRename(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Generator<void, Errno | undefined, void> {
  VOP_UNLOCK(tdvp);
  if (tvp !== null && tvp !== tdvp) VOP_UNLOCK(tvp);
  const error = move(fdvp, fvp, fcnp, tdvp, tvp, tcnp);
  for (const vp of [fvp, fdvp, tvp, tdvp]) if (vp !== null) yield* vrele(vp);
  return error;
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

const tmpfs = tmpfsComponent({ vnodeops: { rename: unlockedRename } });

function* rename(sys: Sys): Generator<void, void, void> {
  yield* sys.rename('/file', '/dir/file');
  yield* sys.rename('/dir/file', '/file');
}

function* look(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < 2; i++) {
    try {
      yield* sys.stat('/dir/file');
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }
}

export default program({ components: [tmpfs], ncpu: 2 }, function* main(sys) {
  yield* sys.mkdir('/dir', 0o755);
  yield* sys.close(yield* sys.open('/file', O_CREAT | O_RDWR, 0o644));
  const renamer = yield* sys._lwp_create(rename, sys, 0, 'renamer');
  const looker = yield* sys._lwp_create(look, sys, 0, 'looker');
  yield* sys._lwp_wait(renamer);
  yield* sys._lwp_wait(looker);
});
