/**
 * A rename that moves a directory's entry and its `..`, and forgets what that does to the link
 * counts of the two parents: one `..` less names the old one, one more the new one.
 */

import { type ComponentName, type Errno, tmpfs_rename, VP_TO_TMPFS_DIR, type Vnode } from 'rumpus';

export function* forgetfulRename(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Generator<void, Errno | undefined, void> {
  const from = VP_TO_TMPFS_DIR(fdvp);
  const to = VP_TO_TMPFS_DIR(tdvp);
  const fromLinks = from.links;
  const toLinks = to.links;
  const error = yield* tmpfs_rename(fdvp, fvp, fcnp, tdvp, tvp, tcnp);
  from.links = fromLinks;
  to.links = toLinks;
  return error;
}
