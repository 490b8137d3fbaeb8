/**
 * The list of unused vnodes, from which one goes when there are more than RUMP_NVNODES. Follows the
 * lists of NetBSD sys/kern/vfs_vnode.c; what must hold is said in vfs_vnode.ts.
 */

import type { Vfs } from './vfs_init.ts';
import { type Vnode, VS_LOADED } from './vnode.ts';

/**
 * A vnode that nobody used since the list was last gone through, for the caller to use; those with
 * users leave the list. The list is gone through twice at most.
 */
export function lru_take(vfs: Vfs): Vnode | null {
  for (let left = 2 * vfs.numvnodes; left > 0; left--) {
    const vp = vfs.lruFirst;
    if (vp === null) return null;
    lru_remove(vfs, vp);
    if (vp.usecount > 0) continue;
    lru_append(vfs, vp);
    if (vp.holdcnt > 0 || vp.state !== VS_LOADED) continue;
    if (!vp.recent) {
      vp.usecount++;
      return vp;
    }
    vp.recent = false;
  }
  return null;
}

/** Puts a vnode at the end. */
export function lru_append(vfs: Vfs, vp: Vnode): void {
  vp.onLru = true;
  vp.lruPrev = vfs.lruLast;
  if (vfs.lruLast === null) vfs.lruFirst = vp;
  else vfs.lruLast.lruNext = vp;
  vfs.lruLast = vp;
}

/** Takes a vnode off, if it is on the list. */
export function lru_remove(vfs: Vfs, vp: Vnode): void {
  if (!vp.onLru) return;
  if (vp.lruPrev === null) vfs.lruFirst = vp.lruNext;
  else vp.lruPrev.lruNext = vp.lruNext;
  if (vp.lruNext === null) vfs.lruLast = vp.lruPrev;
  else vp.lruNext.lruPrev = vp.lruPrev;
  vp.lruPrev = null;
  vp.lruNext = null;
  vp.onLru = false;
}
