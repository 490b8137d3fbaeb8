/**
 * Vnode operations of FFS. Follows NetBSD sys/ufs/ffs/ffs_vnops.c, sys/ufs/ufs/ufs_vnops.c and
 * ufs_readwrite.c.
 *
 * Differs  Read-only: whatever changes a file answers EROFS. Reading goes through the buffer cache.
 */

import { done } from '../../hooks.ts';
import { EIO, EISDIR, EINVAL, EROFS, type Errno, isErrno } from '../../kern/errno.ts';
import type { Cred } from '../../kern/proc.ts';
import { printf } from '../../kern/subr_prf.ts';
import type { MaySleep } from '../../maysleep.ts';
import { fifo_operations } from '../../miscfs/fifofs.ts';
import { spec_node_destroy, spec_operations } from '../../miscfs/specfs.ts';
import { genfs_can_access } from '../../vfs/genfs.ts';
import { PATH_MAX } from '../../vfs/namei.ts';
import { ALLPERMS } from '../../vfs/stat.ts';
import { type Uio, uio_single, uiomove, UIO_READ } from '../../vfs/uio.ts';
import { bread, brelse, vinvalbuf } from '../../vfs/vfs_bio.ts';
import {
  type AccMode,
  type VAttr,
  VBLK,
  VCHR,
  VDIR,
  VLNK,
  VREG,
  type Vnode,
  VWRITE,
} from '../../vfs/vnode.ts';
import { type VnodeOps, vnodeops } from '../../vfs/vnode_if.ts';
import { decodeName } from './bytes.ts';
import { VTOI } from './inode.ts';
import { blksize, ufs_strategy, ufs_vbmap } from './ufs_bmap.ts';
import { ufs_lookup, ufs_readdir } from './ufs_dir.ts';

type Status = MaySleep<Errno | undefined>;

function ufs_erofs(): MaySleep<Errno> {
  return done(EROFS);
}

/** Errors: EROFS for writing a file, EACCES. */
function ufs_access(vp: Vnode, accmode: AccMode, cred: Cred): Status {
  const ip = VTOI(vp);
  const file = vp.type === VREG || vp.type === VDIR || vp.type === VLNK;
  if ((accmode & VWRITE) !== 0 && file) return done(EROFS);
  return done(genfs_can_access(vp.type, cred, ip.uid, ip.gid, ip.mode & ALLPERMS, accmode));
}

function ufs_getattr(vp: Vnode, vap: VAttr): Status {
  const ip = VTOI(vp);
  vap.type = vp.type;
  vap.mode = ip.mode & ALLPERMS;
  vap.nlink = ip.nlink;
  vap.uid = ip.uid;
  vap.gid = ip.gid;
  vap.fsid = vp.mount.stat.fsid;
  vap.fileid = ip.number;
  vap.size = ip.size;
  vap.blocksize = ip.ump.fs.bsize;
  vap.atime = ip.atime;
  vap.mtime = ip.mtime;
  vap.ctime = ip.ctime;
  vap.gen = ip.gen;
  vap.flags = ip.flags;
  vap.rdev = vp.type === VBLK || vp.type === VCHR ? vp.rdev : 0;
  vap.bytes = ip.blocks * 512;
  return done(undefined);
}

/** Reads a file, or the target of a long symbolic link. Errors: EINVAL, EIO. */
function* ffs_read(vp: Vnode, uio: Uio): Generator<void, Errno | undefined, void> {
  const ip = VTOI(vp);
  const { fs } = ip.ump;
  if (vp.type === VDIR) return EISDIR;
  if (uio.offset < 0) return EINVAL;
  while (uio.resid > 0 && uio.offset < ip.size) {
    const lbn = Math.floor(uio.offset / fs.bsize);
    const at = uio.offset - lbn * fs.bsize;
    const size = blksize(fs, ip, lbn);
    const bp = yield* bread(vp, lbn, size);
    if (isErrno(bp)) return bp;
    uiomove(bp.data, at, Math.min(size - at, ip.size - uio.offset), uio);
    yield* brelse(bp, 0);
  }
  return undefined;
}

/** The target: in the inode itself, or in a block. Errors: EIO. */
function* ufs_readlink(vp: Vnode): Generator<void, string | Errno, void> {
  const ip = VTOI(vp);
  const { maxsymlinklen } = ip.ump.fs;
  if (ip.size >= PATH_MAX || ip.size === 0) {
    printf(`ffs: inode ${ip.number} is a symbolic link of ${ip.size} bytes\n`);
    return EIO;
  }
  const short = ip.size < maxsymlinklen || (maxsymlinklen === 0 && ip.blocks === 0);
  if (short && ip.size <= ip.shortlink.length) return decodeName(ip.shortlink, 0, ip.size);
  const target = new Uint8Array(ip.size);
  const error = yield* ffs_read(vp, uio_single(target, 0, UIO_READ));
  return error ?? decodeName(target, 0, target.length);
}

function* ufs_reclaim(vp: Vnode): Generator<void, Errno | undefined, void> {
  void (yield* vinvalbuf(vp, 'discard'));
  vp.data = null;
  return undefined;
}

function ufs_spec_reclaim(vp: Vnode): Status {
  spec_node_destroy(vp);
  vp.data = null;
  return done(undefined);
}

const attributes = {
  access: ufs_access,
  getattr: ufs_getattr,
  setattr: ufs_erofs,
};

export const ffs_vnodeops: VnodeOps = vnodeops({
  ...attributes,
  name: 'ffs',
  lookup: ufs_lookup,
  create: ufs_erofs,
  mknod: ufs_erofs,
  read: ffs_read,
  write: ufs_erofs,
  remove: ufs_erofs,
  link: ufs_erofs,
  rename: ufs_erofs,
  mkdir: ufs_erofs,
  rmdir: ufs_erofs,
  symlink: ufs_erofs,
  readdir: ufs_readdir,
  readlink: ufs_readlink,
  reclaim: ufs_reclaim,
  bmap: ufs_vbmap,
  strategy: ufs_strategy,
});

export const ffs_specops: VnodeOps = vnodeops({
  ...spec_operations,
  ...attributes,
  name: 'ffs special',
  reclaim: ufs_spec_reclaim,
});

export const ffs_fifoops: VnodeOps = vnodeops({
  ...fifo_operations,
  ...attributes,
  name: 'ffs fifo',
  reclaim: ufs_spec_reclaim,
});
