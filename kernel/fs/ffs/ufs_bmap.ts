/**
 * From a block of a file to its place on the device. Follows NetBSD sys/ufs/ufs/ufs_bmap.c.
 */

import { done } from '../../hooks.ts';
import { EFBIG, EIO, type Errno, isErrno } from '../../kern/errno.ts';
import { printf } from '../../kern/subr_prf.ts';
import type { MaySleep } from '../../maysleep.ts';
import type { Buf } from '../../vfs/buf.ts';
import { biodone, bread, brelse } from '../../vfs/vfs_bio.ts';
import type { Vnode } from '../../vfs/vnode.ts';
import { type Bmap, VOP_STRATEGY } from '../../vfs/vnode_if.ts';
import { rds32 } from './bytes.ts';
import { type Fs, fsbtodb, UFS_NDADDR, UFS_NIADDR } from './fs.ts';
import { type Inode, VTOI } from './inode.ts';

/** Bytes of block `lbn` of a file: blksize(). The last one of a small file may be shorter. */
export function blksize(fs: Fs, ip: Inode, lbn: number): number {
  const left = ip.size - lbn * fs.bsize;
  if (lbn >= UFS_NDADDR || left >= fs.bsize) return fs.bsize;
  return Math.ceil(left / fs.fsize) * fs.fsize;
}

/** Whether an address may be one of a block of `fragments`; says so on the console if not. */
function goodAddress(ip: Inode, address: number, fragments: number): boolean {
  if (address >= 0 && address + fragments <= ip.ump.fs.size) return true;
  printf(`ffs: inode ${ip.number} has a block at ${address}, outside of the file system\n`);
  return false;
}

/** The fragment where block `lbn` of a file begins; 0 for a hole. Errors: EFBIG, EIO. */
export function ufs_bmap(ip: Inode, lbn: number): MaySleep<number | Errno> {
  if (lbn >= UFS_NDADDR) return bmap_indirect(ip, lbn - UFS_NDADDR);
  const fs = ip.ump.fs;
  const address = ip.db[lbn];
  if (address === 0) return done(0);
  const fragments = blksize(fs, ip, lbn) / fs.fsize;
  return done(goodAddress(ip, address, fragments) ? address : EIO);
}

/** The same through indirect blocks; `n` counts the blocks after the direct ones. */
function* bmap_indirect(ip: Inode, n: number): Generator<void, number | Errno, void> {
  const { nindir, frag } = ip.ump.fs;
  let index = n;
  let span = 1;
  let level = 0;
  while (level < UFS_NIADDR && index >= span * nindir) {
    span *= nindir;
    index -= span;
    level++;
  }
  if (level === UFS_NIADDR) return EFBIG;
  let address = ip.ib[level];
  for (; level >= 0; level--) {
    if (address === 0) return 0;
    if (!goodAddress(ip, address, frag)) return EIO;
    const slot = Math.floor(index / span) % nindir;
    const next = yield* readAddress(ip, address, slot);
    if (isErrno(next)) return next;
    address = next;
    span /= nindir;
  }
  if (address === 0) return 0;
  return goodAddress(ip, address, frag) ? address : EIO;
}

/** One address of an indirect block. */
function* readAddress(
  ip: Inode,
  fragment: number,
  slot: number,
): Generator<void, number | Errno, void> {
  const { fs, devvp } = ip.ump;
  const bp = yield* bread(devvp, fsbtodb(fs, fragment), fs.bsize);
  if (isErrno(bp)) return bp;
  const address = rds32(bp.data, slot * 4, fs.order);
  yield* brelse(bp, 0);
  return address;
}

/** VOP_BMAP. */
export function* ufs_vbmap(vp: Vnode, block: number): Generator<void, Bmap | Errno, void> {
  const ip = VTOI(vp);
  const address = yield* ufs_bmap(ip, block);
  if (isErrno(address)) return address;
  const { fs, devvp } = ip.ump;
  return { vp: devvp, blkno: address === 0 ? -1 : fsbtodb(fs, address) };
}

/** VOP_STRATEGY: a block of a file becomes one of the device; a hole is zeros. */
export function* ufs_strategy(vp: Vnode, bp: Buf): Generator<void, Errno | undefined, void> {
  const ip = VTOI(vp);
  const address = yield* ufs_bmap(ip, bp.lblkno);
  if (!isErrno(address) && address !== 0) {
    bp.blkno = fsbtodb(ip.ump.fs, address);
    return yield* VOP_STRATEGY(ip.ump.devvp, bp);
  }
  if (isErrno(address)) bp.error = address;
  else bp.data.fill(0);
  bp.resid = 0;
  yield* biodone(bp);
  return undefined;
}
