/**
 * The life of a vnode: vnode(9), vcache_get(9). Follows NetBSD sys/kern/vfs_vnode.c.
 *
 *   vcache_get()          makes it (VS_LOADING), the file system fills it (VS_LOADED)
 *   vref() … vrele()      users come and go; when the last has gone, VOP_INACTIVE says whether the
 *                         file still exists: if not, the vnode is reclaimed
 *   unused                it waits on a list to be found again; beyond RUMP_NVNODES, one goes
 *   vcache_reclaim()      VS_RECLAIMING: the file system lets go of it; VS_RECLAIMED: it belongs
 *                         to deadfs, and whoever still has a reference gets errors
 *
 * Locking  VOP_INACTIVE and VOP_RECLAIM run with the vnode locked exclusively. A vnode is on the
 *          list of unused ones from the first time its last user left; when a user comes back it
 *          stays there, and is passed over. Which one goes is decided as by a clock's hand: who was
 *          used since it last passed gets another round.
 *          Between two statements of a generator anything may happen, so whatever looks at a
 *          count or state and changes it is a plain function.
 * Differs  VOP_INACTIVE is not called when the operation `idle` says that it would do nothing.
 *          One list where NetBSD has three; the LWP that needs a vnode makes room itself.
 */

import { marked, tellAcquire, tellRelease } from '../world/tell.ts';
import { done, handOn, takeDone } from '../hooks.ts';
import { EBUSY, ENOENT, type Errno, isErrno } from '../kern/errno.ts';
import { sleepq_block, sleepq_enter, sleepq_wakeall } from '../kern/kern_sleepq.ts';
import type { Kernel } from '../kern/kernel.ts';
import { CRED0 } from '../kern/proc.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { dead_vnodeops } from '../miscfs/deadfs.ts';
import type { SpecNode } from '../miscfs/specdev.ts';
import { FORCECLOSE, type Mount } from './mount.ts';
import type { ComponentName } from './namei.ts';
import { curlwp } from '../world/current.ts';
import { cache_purge } from './vfs_cache.ts';
import { type Vfs, vfs_of } from './vfs_init.ts';
import { lru_append, lru_remove, lru_take } from './vfs_lru.ts';
import {
  LK_EXCLUSIVE,
  LK_RETRY,
  type VAttr,
  VBLK,
  type VcacheKey,
  VCHR,
  Vnode,
  VS_LOADED,
  VS_LOADING,
  VS_RECLAIMED,
  VS_RECLAIMING,
  VV_SYSTEM,
} from './vnode.ts';
import { VOP_CLOSE, VOP_INACTIVE, VOP_LOCK, VOP_RECLAIM, VOP_UNLOCK } from './vnode_if.ts';

/** vref(9): one more user of a vnode that has one already. */
export function vref(vp: Vnode): void {
  KASSERT(vp.usecount > 0, `vref of vnode ${vp.id}, which nobody uses`);
  vp.usecount++;
}

/** vhold(9): keeps the record in memory, but not the file. */
export function vhold(vp: Vnode): void {
  vp.holdcnt++;
}

/** holdrele(9). */
export function holdrele(vp: Vnode): void {
  KASSERT(vp.holdcnt > 0, `holdrele of vnode ${vp.id}, which nobody holds`);
  vp.holdcnt--;
}

/** vrele(9): a user leaves, who has not locked it (`idle` is asked unlocked). May sleep if the last. */
export function vrele(vp: Vnode): MaySleep<undefined> {
  if (vp.usecount > 1) {
    tellRelease(vp);
    vp.usecount--;
    return done(undefined);
  }
  if (vp.state !== VS_LOADED || vp.usecount !== 1 || !marked(vp.op.idle, vp)) return vrele_last(vp);
  tellRelease(vp);
  vp.usecount = 0;
  vp.recent = true;
  if (!vp.onLru) lru_append(vfs_of(vp.mount.kernel), vp);
  return done(undefined);
}

/** vput(9): unlocks and releases. Sleeps when it is the last user. */
export function vput(vp: Vnode): MaySleep<undefined> {
  if (vp.usecount > 1) {
    vp.op.unlock(vp);
    vp.usecount--;
    return done(undefined);
  }
  const stays = vp.op.idle(vp);
  if (!stays && vp.usecount === 1 && vp.lock.owner === curlwp()) return vput_last(vp);
  vp.op.unlock(vp);
  if (!stays || vp.state !== VS_LOADED || vp.usecount !== 1) return vrele(vp);
  vp.usecount = 0;
  vp.recent = true;
  if (!vp.onLru) lru_append(vfs_of(vp.mount.kernel), vp);
  return done(undefined);
}

function* vrele_last(vp: Vnode): Generator<void, undefined, void> {
  KASSERT(vp.usecount > 0, `vrele of vnode ${vp.id}, which nobody uses`);
  yield* VOP_LOCK(vp, LK_EXCLUSIVE | LK_RETRY);
  return yield* vput_last(vp);
}

/** The last user leaves, unless another came while the lock was waited for. */
function vput_last(vp: Vnode): MaySleep<undefined> {
  if (vp.usecount > 1) {
    vp.usecount--;
    VOP_UNLOCK(vp);
    return done(undefined);
  }
  if (vp.state === VS_RECLAIMED) return vput_leave(vp, true);
  const asking = handOn(VOP_INACTIVE(vp));
  if (asking !== undefined) return vput_asked(asking, vp);
  return vput_leave(vp, takeDone<boolean>());
}

function* vput_asked(asking: Going<boolean>, vp: Vnode): Generator<void, undefined, void> {
  return yield* vput_leave(vp, yield* asking);
}

/** The file system has said whether the file is gone. */
function vput_leave(vp: Vnode, gone: boolean): MaySleep<undefined> {
  if (leave(vp, gone)) {
    if (vp.state === VS_RECLAIMING) {
      const reclaiming = handOn(vcache_reclaim(vp));
      if (reclaiming !== undefined) return vput_reclaimed(reclaiming, vp);
      takeDone();
    }
    vcache_free(vp);
  }
  VOP_UNLOCK(vp);
  return done(undefined);
}

function* vput_reclaimed(reclaiming: Going<void>, vp: Vnode): Generator<void, undefined, void> {
  yield* reclaiming;
  vcache_free(vp);
  VOP_UNLOCK(vp);
  return undefined;
}

/** Leaves for good; true when nobody is left, and the vnode is to be freed. */
function leave(vp: Vnode, gone: boolean): boolean {
  vp.usecount--;
  if (vp.usecount > 0) return false;
  if (gone && vp.holdcnt === 0) {
    if (vp.state === VS_LOADED) set_state(vp, VS_RECLAIMING);
    return true;
  }
  vp.recent = true;
  if (!vp.onLru) lru_append(vfs_of(vp.mount.kernel), vp);
  return false;
}

/**
 * vget(9): a user of a vnode that may have none: one found in a list. Waits while it is loaded or
 * reclaimed. Errors: ENOENT when it is gone.
 */
export function vget(vp: Vnode): MaySleep<Errno | undefined> {
  if (vp.state === VS_LOADING || vp.state === VS_RECLAIMING) return vget_wait(vp);
  return done(vget_now(vp));
}

function vget_now(vp: Vnode): Errno | undefined {
  if (vp.state === VS_RECLAIMED) return ENOENT;
  vp.usecount++;
  return undefined;
}

function* vget_wait(vp: Vnode): Generator<void, Errno | undefined, void> {
  while (changing(vp)) yield* sleepq_block(0, 'uninterruptible');
  return vget_now(vp);
}

/** Whether the state is about to change; then the LWP is on the queue of those to be woken. */
function changing(vp: Vnode): boolean {
  if (vp.state !== VS_LOADING && vp.state !== VS_RECLAIMING) return false;
  sleepq_enter(vp.stateWaiters, vp, 'vstate');
  return true;
}

function set_state(vp: Vnode, state: Vnode['state']): void {
  vp.state = state;
  if (vp.stateWaiters.length > 0) sleepq_wakeall(vp.stateWaiters);
}

/** vcache_get(9): the vnode for `key`, referenced, not locked; made if it is not in memory. */
export function vcache_get(mp: Mount, key: VcacheKey): MaySleep<Vnode | Errno> {
  const vp = mp.vnodes.get(key);
  if (vp !== undefined && vp.state === VS_LOADED) {
    vp.usecount++;
    return done(vp);
  }
  return vcache_load(mp, key);
}

function* vcache_load(mp: Mount, key: VcacheKey): Generator<void, Vnode | Errno, void> {
  if (!mp.vnodes.has(key)) yield* vcache_makeroom(mp.kernel);
  let fresh = vcache_insert(mp, key);
  while (fresh === undefined) {
    const found = mp.vnodes.get(key);
    if (found !== undefined && (yield* vget(found)) === undefined) return found;
    fresh = vcache_insert(mp, key);
  }
  const error = yield* mp.op.loadvnode(mp, fresh, key);
  return vcache_loaded(mp, fresh, error);
}

/** A new vnode for `key`; undefined when there is one already. */
function vcache_insert(mp: Mount, key: VcacheKey): Vnode | undefined {
  if (mp.vnodes.has(key)) return undefined;
  const vp = vcache_alloc(mp, key);
  mp.vnodes.set(key, vp);
  return vp;
}

/** vcache_new(9): a vnode for a file that the file system makes now; referenced, not locked. */
export function vcache_new(
  mp: Mount,
  dvp: Vnode | null,
  vap: VAttr,
  cnp: ComponentName | null,
): MaySleep<Vnode | Errno> {
  const room = handOn(vcache_makeroom(mp.kernel));
  if (room !== undefined) return vcache_new_wait(room, mp, dvp, vap, cnp);
  takeDone();
  return vcache_make(mp, dvp, vap, cnp);
}

function* vcache_new_wait(
  room: Going<void>,
  mp: Mount,
  dvp: Vnode | null,
  vap: VAttr,
  cnp: ComponentName | null,
): Generator<void, Vnode | Errno, void> {
  yield* room;
  return yield* vcache_make(mp, dvp, vap, cnp);
}

function vcache_make(
  mp: Mount,
  dvp: Vnode | null,
  vap: VAttr,
  cnp: ComponentName | null,
): MaySleep<Vnode | Errno> {
  const vp = vcache_alloc(mp, 0);
  const making = handOn(mp.op.newvnode(mp, dvp, vp, vap, cnp));
  if (making !== undefined) return vcache_make_wait(making, mp, vp);
  return done(vcache_made(mp, vp, takeDone<VcacheKey | Errno>()));
}

function* vcache_make_wait(
  making: Going<VcacheKey | Errno>,
  mp: Mount,
  vp: Vnode,
): Generator<void, Vnode | Errno, void> {
  return vcache_made(mp, vp, yield* making);
}

/** The file system has made the file, and says what its key is. */
function vcache_made(mp: Mount, vp: Vnode, key: VcacheKey | Errno): Vnode | Errno {
  if (isErrno(key)) return vcache_loaded(mp, vp, key);
  KASSERT(!mp.vnodes.has(key), `vcache_new: vnode ${vp.id} has the key of another one`);
  vp.key = key;
  mp.vnodes.set(key, vp);
  return vcache_loaded(mp, vp, undefined);
}

function vcache_alloc(mp: Mount, key: VcacheKey): Vnode {
  const vfs = vfs_of(mp.kernel);
  vfs.numvnodes++;
  return new Vnode(vfs.nextVnodeId++, mp, dead_vnodeops, key);
}

function vcache_loaded(mp: Mount, vp: Vnode, error: Errno | undefined): Vnode | Errno {
  if (error === undefined) {
    set_state(vp, VS_LOADED);
    return vp;
  }
  if (mp.vnodes.get(vp.key) === vp) mp.vnodes.delete(vp.key);
  vp.op = dead_vnodeops;
  set_state(vp, VS_RECLAIMED);
  vcache_free(vp);
  return error;
}

/** Begins to take a vnode from its file system; false when somebody else has. */
function reclaim_begin(vp: Vnode): boolean {
  if (vp.state !== VS_LOADED) return false;
  set_state(vp, VS_RECLAIMING);
  return true;
}

/** Takes the vnode from its file system, after reclaim_begin(). Locks: exclusively. */
function vcache_reclaim(vp: Vnode): MaySleep<void> {
  tellAcquire(vp);
  cache_purge(vp);
  if (vp.type === VBLK || vp.type === VCHR) return reclaim_device(vp);
  const reclaiming = handOn(VOP_RECLAIM(vp));
  if (reclaiming !== undefined) return reclaim_wait(reclaiming, vp);
  return done(reclaimed(vp, takeDone<Errno | undefined>()));
}

function* reclaim_device(vp: Vnode): Generator<void, void, void> {
  const sn = vp.special as SpecNode | null;
  while (sn !== null && sn.opencnt > 0) void (yield* VOP_CLOSE(vp, 0, CRED0));
  reclaimed(vp, yield* VOP_RECLAIM(vp));
}

function* reclaim_wait(
  reclaiming: Going<Errno | undefined>,
  vp: Vnode,
): Generator<void, void, void> {
  reclaimed(vp, yield* reclaiming);
}

function reclaimed(vp: Vnode, error: Errno | undefined): void {
  KASSERT(error === undefined, `vnode ${vp.id} cannot be reclaimed`);
  if (vp.mount.vnodes.get(vp.key) === vp) vp.mount.vnodes.delete(vp.key);
  vp.op = dead_vnodeops;
  vp.data = null;
  vp.special = null;
  vp.flag = 0;
  set_state(vp, VS_RECLAIMED);
}

/** The record is no longer counted; nobody refers to it. */
function vcache_free(vp: Vnode): void {
  const vfs = vfs_of(vp.mount.kernel);
  lru_remove(vfs, vp);
  vfs.numvnodes--;
}

/** Recycles unused vnodes until one more may be made. */
function vcache_makeroom(k: Kernel): MaySleep<void> {
  const vfs = vfs_of(k);
  return vfs.numvnodes < k.config.nvnodes ? done(undefined) : vcache_shrink(k, vfs);
}

function* vcache_shrink(k: Kernel, vfs: Vfs): Generator<void, void, void> {
  while (vfs.numvnodes >= k.config.nvnodes) {
    const vp = lru_take(vfs);
    if (vp === null) return;
    yield* vrecycle(vp);
  }
}

/** vrecycle(9): reclaims a vnode of which the caller is the only user; true when that was so. */
export function* vrecycle(vp: Vnode): Generator<void, boolean, void> {
  yield* VOP_LOCK(vp, LK_EXCLUSIVE | LK_RETRY);
  const only = reclaim_if_only(vp);
  if (only) yield* vcache_reclaim(vp);
  VOP_UNLOCK(vp);
  yield* vrele(vp);
  return only;
}

function reclaim_if_only(vp: Vnode): boolean {
  return vp.usecount === 1 && vp.holdcnt === 0 && reclaim_begin(vp);
}

/** vgone(9): takes a file from all its users, and gives the caller's reference back. */
export function* vgone(vp: Vnode): Generator<void, void, void> {
  yield* VOP_LOCK(vp, LK_EXCLUSIVE | LK_RETRY);
  if (reclaim_begin(vp)) yield* vcache_reclaim(vp);
  VOP_UNLOCK(vp);
  yield* vrele(vp);
}

/** vrevoke(9): takes a file from all its users; the caller keeps its reference. */
export function* vrevoke(vp: Vnode): Generator<void, void, void> {
  vref(vp);
  yield* vgone(vp);
}

/**
 * vflush(9): reclaims all vnodes of a mount but `skip`, also those made while it works. With
 * FORCECLOSE those in use as well. Errors: EBUSY when some are in use.
 */
export function* vflush(
  mp: Mount,
  skip: Vnode | null,
  flags: number,
): Generator<void, Errno | undefined, void> {
  for (;;) {
    const left = [...mp.vnodes.values()].filter((vp) => vp !== skip && !(vp.flag & VV_SYSTEM));
    if (left.length === 0) return undefined;
    for (const vp of left) {
      const error = yield* vget(vp);
      if (error !== undefined) continue;
      if ((flags & FORCECLOSE) !== 0) yield* vgone(vp);
      else if (!(yield* vrecycle(vp))) return EBUSY;
    }
  }
}
