/**
 * Mounting and unmounting: vfs(9), mount(2). Follows NetBSD sys/kern/vfs_mount.c.
 *
 * Locking  Whoever works in a mount without a vnode of it is busy in it (vfs_busy: shared);
 *          unmount is busy in it exclusively. A directory is covered and uncovered with its lock
 *          held exclusively.
 */

import {
  EBUSY,
  EINVAL,
  EIO,
  ENODEV,
  ENOENT,
  ENOTDIR,
  EPERM,
  type Errno,
  isErrno,
} from '../kern/errno.ts';
import { MUTEX_DEFAULT, mutex_obj_alloc } from '../kern/kern_mutex.ts';
import { RW_WRITER, rw_enter, rw_exit } from '../kern/kern_rwlock.ts';
import type { Kernel } from '../kern/kernel.ts';
import { CRED0 } from '../kern/proc.ts';
import { fail, KASSERT, panic } from '../kern/subr_prf.ts';
import { curkernel, curlwp } from '../world/current.ts';
import { suser } from './genfs.ts';
import {
  MNT_CHANGEABLE,
  MNT_FORCE,
  MNT_LOCAL,
  MNT_RDONLY,
  MNT_ROOTFS,
  MNT_UPDATE,
  MNT_WAIT,
  Mount,
  Statvfs,
  VFS_ROOT,
  VFS_START,
  VFS_STATVFS,
  VFS_SYNC,
  VFS_UNMOUNT,
  type VfsOps,
} from './mount.ts';
import { FOLLOW, LOCKLEAF, LOOKUP } from './namei.ts';
import { vfs_busy, vfs_unbusy } from './vfs_busy.ts';
import { cache_purge } from './vfs_cache.ts';
import { vfs_getopsbyname, vfs_of } from './vfs_init.ts';
import { NDINIT, namei } from './vfs_lookup.ts';
import { vput, vrele } from './vfs_vnode.ts';
import { vn_lock } from './vfs_vnops.ts';
import { LK_EXCLUSIVE, LK_RETRY, VDIR, type Vnode, VTYPE_NAMES, VV_ROOT } from './vnode.ts';
import { VOP_UNLOCK } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** vfs_mountalloc(9): a mount of nothing yet. */
export function vfs_mountalloc(k: Kernel, op: VfsOps, vp: Vnode | null): Mount {
  const mp = new Mount(k, op, mutex_obj_alloc(MUTEX_DEFAULT, 'vfs rename'));
  mp.vnodecovered = vp;
  mp.stat.fsid = vfs_of(k).nextFsid++;
  mp.stat.fstypename = op.name;
  mp.stat.owner = curlwp().proc.cred.euid;
  return mp;
}

/** Mounts the root file system: the first type of `types` that is linked in, with its `data`. */
export function* vfs_mountroot(
  k: Kernel,
  types: readonly string[],
  data: unknown,
): Generator<void, void, void> {
  const name = types.find((type) => vfs_getopsbyname(k, type) !== undefined);
  const op = name === undefined ? undefined : vfs_getopsbyname(k, name);
  if (op === undefined) panic(`cannot mount root: none of ${types.join(', ')} is linked in`);
  const mp = vfs_mountalloc(k, op, null);
  mp.flag = MNT_ROOTFS | MNT_LOCAL;
  mp.stat.mntonname = '/';
  mp.stat.mntfromname = 'root_device';
  const error = (yield* op.mount(mp, '/', data)) ?? (yield* VFS_START(mp, 0));
  if (error !== undefined) panic(`cannot mount root: ${error.text}`);
  const root = yield* VFS_ROOT(mp);
  if (isErrno(root)) panic(`cannot mount root: it has no root directory: ${root.text}`);
  const vfs = vfs_of(k);
  vfs.mountlist.push(mp);
  vfs.rootvnode = root;
}

/**
 * mount(2): covers the directory `path`. Only the superuser may. Errors: EPERM, ENODEV for an
 * unknown type, ENOTDIR, EBUSY, and what the file system answers.
 */
export function* do_sys_mount(type: string, path: string, flags: number, data: unknown): Status {
  if (!suser(curlwp().proc.cred)) return EPERM;
  if ((flags & MNT_UPDATE) !== 0) return yield* mount_update(path, flags, data);
  const op = vfs_getopsbyname(curkernel(), type);
  if (op === undefined) return ENODEV;
  const nd = NDINIT(LOOKUP, FOLLOW | LOCKLEAF, path);
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const vp = nd.vp!;
  let refused: Errno | undefined;
  if (vp.type !== VDIR) refused = ENOTDIR;
  else if (vp.mountedhere !== null || vp === vfs_of(curkernel()).rootvnode) refused = EBUSY;
  if (refused !== undefined) {
    yield* vput(vp);
    return refused;
  }
  VOP_UNLOCK(vp);
  const mounted = yield* mount_domount(op, vp, path, flags, data);
  if (mounted !== undefined) yield* vrele(vp);
  return mounted;
}

/** Mounts on `vp`, whose reference is the new mount's when that succeeds. */
function* mount_domount(op: VfsOps, vp: Vnode, path: string, flags: number, data: unknown): Status {
  const k = curkernel();
  const mp = vfs_mountalloc(k, op, vp);
  mp.flag = flags & MNT_CHANGEABLE;
  mp.stat.mntonname = path;
  const error = (yield* op.mount(mp, path, data)) ?? (yield* VFS_START(mp, 0));
  if (error !== undefined) return error;
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  const late = vp.mountedhere !== null;
  if (!late) {
    cache_purge(vp);
    vp.mountedhere = mp;
    vfs_of(k).mountlist.push(mp);
  }
  VOP_UNLOCK(vp);
  if (!late) return undefined;
  mp.gone = true;
  void (yield* VFS_UNMOUNT(mp, MNT_FORCE));
  return EBUSY;
}

/** Changes the flags or arguments of a mounted file system. Errors: EINVAL when it is none. */
function* mount_update(path: string, flags: number, data: unknown): Status {
  const nd = NDINIT(LOOKUP, FOLLOW, path);
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const vp = nd.vp!;
  const mp = vp.mount;
  const isRoot = (vp.flag & VV_ROOT) !== 0;
  yield* vrele(vp);
  if (!isRoot) return EINVAL;
  const before = mp.flag;
  mp.flag = (mp.flag & ~MNT_CHANGEABLE) | (flags & MNT_CHANGEABLE) | MNT_UPDATE;
  const changed = yield* mp.op.mount(mp, path, data);
  if (changed === undefined) mp.flag &= ~MNT_UPDATE;
  else mp.flag = before;
  return changed;
}

/**
 * unmount(2) of `path`, which must be the root of a mount. Errors: EPERM, EINVAL, EBUSY when it is
 * in use (not with MNT_FORCE).
 */
export function* do_sys_unmount(path: string, flags: number): Status {
  const cred = curlwp().proc.cred;
  const nd = NDINIT(LOOKUP, FOLLOW, path);
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const vp = nd.vp!;
  const mp = vp.mount;
  const isRoot = (vp.flag & VV_ROOT) !== 0;
  yield* vrele(vp);
  if (!suser(cred) && cred.euid !== mp.stat.owner) return EPERM;
  if (!isRoot || (mp.flag & MNT_ROOTFS) !== 0) return EINVAL;
  return yield* dounmount(mp, flags);
}

/** dounmount(9). Errors: EBUSY, ENOENT when somebody else unmounted it. */
export function* dounmount(mp: Mount, flags: number): Status {
  yield* rw_enter(mp.busyLock, RW_WRITER);
  let error: Errno | undefined = mp.gone ? ENOENT : undefined;
  if (error === undefined && nested(mp)) error = EBUSY;
  if (error === undefined && (mp.flag & MNT_RDONLY) === 0) {
    error = yield* VFS_SYNC(mp, MNT_WAIT, curlwp().proc.cred);
    if ((flags & MNT_FORCE) !== 0) error = undefined;
  }
  error ??= yield* VFS_UNMOUNT(mp, flags);
  if (error === undefined) mp.gone = true;
  rw_exit(mp.busyLock);
  if (error === undefined) yield* mount_remove(mp);
  return error;
}

/** Whether something else is mounted inside. */
function nested(mp: Mount): boolean {
  return vfs_of(mp.kernel).mountlist.some((other) => other.vnodecovered?.mount === mp);
}

/** Uncovers the directory and forgets the mount. */
function* mount_remove(mp: Mount): Generator<void, void, void> {
  const { mountlist } = vfs_of(mp.kernel);
  mountlist.splice(mountlist.indexOf(mp), 1);
  const covered = mp.vnodecovered;
  if (covered === null) return;
  yield* vn_lock(covered, LK_EXCLUSIVE | LK_RETRY);
  KASSERT(covered.mountedhere === mp, 'a directory is uncovered that another mount covers');
  covered.mountedhere = null;
  yield* vput(covered);
}

/** dostatvfs(9): what statvfs(2) tells of a mount. Errors: EIO when it was taken away. */
export function* dostatvfs(mp: Mount): Generator<void, Statvfs | Errno, void> {
  const st = Object.assign(new Statvfs(), mp.stat);
  st.flag = mp.flag;
  if (mp.gone) return EIO;
  const error = yield* VFS_STATVFS(mp, st);
  return error ?? st;
}

/**
 * Unmounts everything, the last mount first: at halt, when there are no users any more. A vnode
 * that is in use nevertheless was not given back; the run then ends with verdict `leak`.
 */
export function* vfs_unmountall(k: Kernel): Generator<void, void, void> {
  const vfs = vfs_of(k);
  const left: string[] = [];
  for (const mp of [...vfs.mountlist].reverse()) {
    if ((mp.flag & MNT_ROOTFS) !== 0 && vfs.rootvnode !== null) {
      const root = vfs.rootvnode;
      vfs.rootvnode = null;
      yield* vrele(root);
    }
    const busy = yield* dounmount(mp, 0);
    if (busy === undefined) continue;
    for (const vp of mp.vnodes.values()) if (vp.usecount > 0) left.push(vnodeText(vp));
    void (yield* dounmount(mp, MNT_FORCE));
  }
  if (left.length === 0) return;
  fail('leak', `kernel ${k.name} halts with vnodes still in use: ${left.join('; ')}`);
}

function vnodeText(vp: Vnode): string {
  const { fstypename, mntonname } = vp.mount.stat;
  const users = vp.usecount === 1 ? '1 reference' : `${vp.usecount} references`;
  return `vnode ${vp.id} (${VTYPE_NAMES[vp.type]}) of ${fstypename} on ${mntonname}, ${users}`;
}

/** sync(2): asks every file system to write what it holds back. */
export function* do_sys_sync(k: Kernel): Generator<void, void, void> {
  for (const mp of [...vfs_of(k).mountlist]) {
    const busy = yield* vfs_busy(mp);
    if (busy !== undefined) continue;
    if ((mp.flag & MNT_RDONLY) === 0) void (yield* VFS_SYNC(mp, MNT_WAIT, CRED0));
    vfs_unbusy(mp);
  }
}
