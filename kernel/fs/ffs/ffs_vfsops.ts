/**
 * Mounting FFS, and finding its files. Follows NetBSD sys/ufs/ffs/ffs_vfsops.c.
 *
 * mount(2) takes the device's path as its data, or { fspec }. Only MNT_RDONLY mounts.
 */

import { bdevsw_lookup } from '../../dev/conf.ts';
import { done } from '../../hooks.ts';
import {
  EBUSY,
  EINVAL,
  EIO,
  ENOTBLK,
  ENXIO,
  EROFS,
  type Errno,
  isErrno,
} from '../../kern/errno.ts';
import { FREAD } from '../../kern/file.ts';
import { printf } from '../../kern/subr_prf.ts';
import type { MaySleep } from '../../maysleep.ts';
import type { SpecNode } from '../../miscfs/specdev.ts';
import { spec_node_init, spec_setmountpoint } from '../../miscfs/specfs.ts';
import {
  FORCECLOSE,
  MNT_FORCE,
  MNT_LOCAL,
  MNT_RDONLY,
  MNT_UPDATE,
  type Mount,
  type Statvfs,
  type VfsOps,
} from '../../vfs/mount.ts';
import { FOLLOW } from '../../vfs/namei.ts';
import { iftovt } from '../../vfs/stat.ts';
import { bread, brelse } from '../../vfs/vfs_bio.ts';
import { namei_simple } from '../../vfs/vfs_getvnode.ts';
import { vcache_get, vflush, vrele } from '../../vfs/vfs_vnode.ts';
import { vn_lock } from '../../vfs/vfs_vnops.ts';
import { vfsops } from '../../vfs/vfsops.ts';
import {
  LK_EXCLUSIVE,
  LK_RETRY,
  VBLK,
  VCHR,
  type VcacheKey,
  VDIR,
  VFIFO,
  VNON,
  type Vnode,
  VV_ROOT,
} from '../../vfs/vnode.ts';
import { VOP_CLOSE, VOP_OPEN, VOP_UNLOCK } from '../../vfs/vnode_if.ts';
import { curlwp } from '../../world/current.ts';
import { ffs_fifoops, ffs_specops, ffs_vnodeops } from './ffs_vnops.ts';
import type { FindSuperblock } from './ffs_sblock.ts';
import { DINODE1_SIZE, fsbtodb, ino_to_fsba, UFS_ROOTINO } from './fs.ts';
import { decodeInode, type Inode, UfsMount } from './inode.ts';
import { UFS_DIRBLKSIZ } from './ufs_dir.ts';

type Status = Generator<void, Errno | undefined, void>;

/** The device's path in what mount(2) was given. */
function fspecOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  if (typeof data !== 'object' || data === null || !('fspec' in data)) return undefined;
  return typeof data.fspec === 'string' ? data.fspec : undefined;
}

/** Errors: EROFS, ENOTBLK, ENXIO, EBUSY, EINVAL when there is no superblock. */
function* ffs_mount(find: FindSuperblock, mp: Mount, data: unknown): Status {
  if ((mp.flag & MNT_RDONLY) === 0) return EROFS;
  if ((mp.flag & MNT_UPDATE) !== 0) return undefined;
  const fspec = fspecOf(data);
  if (fspec === undefined) return EINVAL;
  const devvp = yield* namei_simple(fspec, FOLLOW);
  if (isErrno(devvp)) return devvp;
  const error = devvp.type === VBLK ? yield* ffs_mountfs(find, mp, devvp) : ENOTBLK;
  if (error !== undefined) {
    yield* vrele(devvp);
    return error;
  }
  mp.stat.mntfromname = fspec;
  return undefined;
}

/** Opens the device, whose reference is the mount's when that succeeds, and looks at it. */
function* ffs_mountfs(find: FindSuperblock, mp: Mount, devvp: Vnode): Status {
  const { sd } = devvp.special as SpecNode;
  const driver = bdevsw_lookup(mp.kernel, devvp.rdev);
  if (driver === undefined) return ENXIO;
  if (!spec_setmountpoint(sd, mp)) return EBUSY;
  yield* vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
  const opened = yield* VOP_OPEN(devvp, FREAD, curlwp().proc.cred);
  VOP_UNLOCK(devvp);
  if (opened !== undefined) {
    spec_setmountpoint(sd, null);
    return opened;
  }
  const fs = yield* find(devvp);
  if (isErrno(fs)) {
    yield* closeDevice(devvp);
    return fs;
  }
  mp.data = new UfsMount(fs, devvp, driver.sizeBytes(devvp.rdev));
  mp.flag |= MNT_LOCAL;
  Object.assign(mp.stat, { bsize: fs.bsize, frsize: fs.fsize, iosize: fs.bsize });
  return undefined;
}

function* closeDevice(devvp: Vnode): Generator<void, void, void> {
  yield* vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY);
  void (yield* VOP_CLOSE(devvp, FREAD, curlwp().proc.cred));
  const sn = devvp.special as SpecNode | null;
  if (sn !== null) spec_setmountpoint(sn.sd, null);
  VOP_UNLOCK(devvp);
}

/** Errors: EBUSY. */
function* ffs_unmount(mp: Mount, flags: number): Status {
  const error = yield* vflush(mp, null, (flags & MNT_FORCE) !== 0 ? FORCECLOSE : 0);
  if (error !== undefined) return error;
  const { devvp } = mp.data as UfsMount;
  mp.data = null;
  yield* closeDevice(devvp);
  yield* vrele(devvp);
  return undefined;
}

function ufs_root(mp: Mount): MaySleep<Vnode | Errno> {
  return vcache_get(mp, UFS_ROOTINO);
}

/** Errors: EINVAL for a number that no inode has. */
function ffs_vget(mp: Mount, ino: number): MaySleep<Vnode | Errno> {
  const { fs } = mp.data as UfsMount;
  return ino < UFS_ROOTINO || ino >= fs.ncg * fs.ipg ? done(EINVAL) : vcache_get(mp, ino);
}

function ffs_statvfs(mp: Mount, st: Statvfs): MaySleep<Errno | undefined> {
  const { fs } = mp.data as UfsMount;
  st.blocks = fs.dsize;
  st.bfree = Math.min(fs.nbfree * fs.frag + fs.nffree, fs.dsize);
  st.bresvd = Math.floor((fs.dsize * fs.minfree) / 100);
  st.bavail = Math.max(0, st.bfree - st.bresvd);
  st.files = fs.ncg * fs.ipg - UFS_ROOTINO;
  st.ffree = Math.min(fs.nifree, st.files);
  st.favail = st.ffree;
  return done(undefined);
}

/** Reads an inode and checks it. Errors: EINVAL for a number that no inode has, EIO. */
function* ffs_loadvnode(mp: Mount, vp: Vnode, key: VcacheKey): Status {
  const ump = mp.data as UfsMount;
  const { fs } = ump;
  const ino = key as number;
  if (ino < UFS_ROOTINO || ino >= fs.ncg * fs.ipg) return EINVAL;
  const bp = yield* bread(ump.devvp, fsbtodb(fs, ino_to_fsba(fs, ino)), fs.bsize);
  if (isErrno(bp)) return bp;
  const ip = decodeInode(ump, ino, bp.data, (ino % fs.inopb) * DINODE1_SIZE);
  yield* brelse(bp, 0);
  const why = badInode(ip);
  if (why !== undefined) {
    printf(`ffs: inode ${ino} is damaged: ${why}\n`);
    return EIO;
  }
  ufs_vinit(vp, ip);
  return undefined;
}

/** What is wrong with an inode; undefined when nothing is. */
function badInode(ip: Inode): string | undefined {
  const { fs, deviceBytes } = ip.ump;
  const type = iftovt(ip.mode);
  if (type === VNON) return `mode ${ip.mode.toString(8)}`;
  if (!(ip.size <= fs.maxfilesize)) return `size ${ip.size}`;
  if (ip.number === UFS_ROOTINO && type !== VDIR) return 'the root is no directory';
  if (type !== VDIR) return undefined;
  const limit = Math.min(deviceBytes, fs.size * fs.fsize);
  if (ip.size > limit || ip.size % UFS_DIRBLKSIZ !== 0) return `directory of ${ip.size} bytes`;
  return undefined;
}

/** Makes a vnode that of an inode: ufs_vinit(). */
function ufs_vinit(vp: Vnode, ip: Inode): void {
  vp.type = iftovt(ip.mode);
  vp.data = ip;
  vp.size = ip.size;
  if (ip.number === UFS_ROOTINO) vp.flag |= VV_ROOT;
  if (vp.type === VBLK || vp.type === VCHR) {
    vp.op = ffs_specops;
    spec_node_init(vp, ip.db[0] >>> 0);
  } else vp.op = vp.type === VFIFO ? ffs_fifoops : ffs_vnodeops;
}

/** The operations of the type, with a way to find superblocks. */
export function ffs_vfsops(find: FindSuperblock): VfsOps {
  return vfsops({
    name: 'ffs',
    mount: (mp, _path, data) => ffs_mount(find, mp, data),
    unmount: ffs_unmount,
    root: ufs_root,
    statvfs: ffs_statvfs,
    vget: ffs_vget,
    loadvnode: ffs_loadvnode,
  });
}
