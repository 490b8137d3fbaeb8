/**
 * specfs: device nodes of any file system. Follows NetBSD sys/miscfs/specfs/spec_vnops.c.
 *
 * A file system gives its device vnodes a vector of these operations and its own for attributes:
 *
 *   vnodeops({ ...spec_operations, name: 'tmpfs_spec', getattr: tmpfs_getattr, … })
 *
 * and calls spec_node_init() when it loads one. All nodes of a device share a SpecDev.
 */

import { bdevsw_lookup, cdevsw_lookup, devices_of } from '../dev/conf.ts';
import { done } from '../hooks.ts';
import { EBUSY, EINVAL, EIO, ENXIO, type Errno, isErrno } from '../kern/errno.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import type { MaySleep } from '../maysleep.ts';
import { type Buf, DEV_BSIZE } from '../vfs/buf.ts';
import { genfs_eopnotsupp, genfs_nullop, genfs_poll } from '../vfs/genfs_defaults.ts';
import { MNT_NODEV, type Mount } from '../vfs/mount.ts';
import { type Uio, UIO_READ, uiomove } from '../vfs/uio.ts';
import { biodone, bread, brelse, bwrite, vinvalbuf } from '../vfs/vfs_bio.ts';
import { vgone, vref, vrevoke } from '../vfs/vfs_vnode.ts';
import { VBLK, VCHR, type Vnode } from '../vfs/vnode.ts';
import type { Bmap } from '../vfs/vnode_if.ts';
import { SpecDev, SpecNode } from './specdev.ts';

type Status = MaySleep<Errno | undefined>;

/** Bytes of a block of a block device that is read or written as a file. */
const BLKDEV_IOSIZE = 2048;

/** Ties a new vnode, whose type is set, to its device: spec_node_init(9). */
export function spec_node_init(vp: Vnode, rdev: number): void {
  const { specdevs } = devices_of(vp.mount.kernel);
  const kind = vp.type === VBLK ? 'block' : 'character';
  const key = `${kind} ${rdev}`;
  let sd = specdevs.get(key);
  if (sd === undefined) {
    sd = new SpecDev(rdev, kind);
    specdevs.set(key, sd);
  }
  vp.rdev = rdev;
  vp.special = new SpecNode(sd);
  sd.vnodes.push(vp);
}

/** The vnode is reclaimed: spec_node_destroy(9). A file system's reclaim calls it. */
export function spec_node_destroy(vp: Vnode): void {
  const sn = vp.special as SpecNode | null;
  if (sn === null) return;
  const sd = sn.sd;
  vp.special = null;
  sd.vnodes.splice(sd.vnodes.indexOf(vp), 1);
  if (sd.vnodes.length === 0) devices_of(vp.mount.kernel).specdevs.delete(`${sd.kind} ${sd.dev}`);
}

/**
 * Errors: ENXIO when there is no driver, or the mount has MNT_NODEV; EBUSY when a block device is
 * open under another name.
 */
function* spec_open(vp: Vnode, mode: number): Generator<void, Errno | undefined, void> {
  const k = vp.mount.kernel;
  const sn = vp.special as SpecNode;
  const sd = sn.sd;
  if ((vp.mount.flag & MNT_NODEV) !== 0) return ENXIO;
  const driver = vp.type === VBLK ? bdevsw_lookup(k, sd.dev) : cdevsw_lookup(k, sd.dev);
  if (driver === undefined) return ENXIO;
  if (!spec_claim(sn, vp)) return EBUSY;
  const error = yield* driver.open(sd.dev, mode);
  if (error !== undefined) spec_unclaim(sn);
  return error;
}

/** Counts an open; false when a block device is open through another vnode. */
function spec_claim(sn: SpecNode, vp: Vnode): boolean {
  const sd = sn.sd;
  if (vp.type === VBLK && sd.bdevvp !== null && sd.bdevvp !== vp) return false;
  if (vp.type === VBLK) sd.bdevvp = vp;
  sn.opencnt++;
  sd.opencnt++;
  return true;
}

/** Takes an open back that failed. */
function spec_unclaim(sn: SpecNode): void {
  sn.opencnt--;
  sn.sd.opencnt--;
  if (sn.sd.opencnt === 0) sn.sd.bdevvp = null;
}

/** The last close of a device writes what the cache holds back, and tells the driver. */
function* spec_close(vp: Vnode, flags: number): Generator<void, Errno | undefined, void> {
  const k = vp.mount.kernel;
  const sn = vp.special as SpecNode | null;
  if (sn === null) return undefined;
  const sd = sn.sd;
  KASSERT(sn.opencnt > 0, 'a device is closed more often than it was opened');
  sn.opencnt--;
  if (--sd.opencnt > 0) return undefined;
  if (vp.type === VBLK) void (yield* vinvalbuf(vp, 'save'));
  sd.bdevvp = null;
  const driver = vp.type === VBLK ? bdevsw_lookup(k, sd.dev) : cdevsw_lookup(k, sd.dev);
  return driver === undefined ? undefined : yield* driver.close(sd.dev, flags);
}

function spec_read(vp: Vnode, uio: Uio, ioflag: number): Status {
  if (uio.resid === 0) return done(undefined);
  if (vp.type === VBLK) return spec_blkio(vp, uio);
  const driver = cdevsw_lookup(vp.mount.kernel, vp.rdev);
  return driver === undefined ? done(ENXIO) : driver.read(vp.rdev, uio, ioflag);
}

function spec_write(vp: Vnode, uio: Uio, ioflag: number): Status {
  if (uio.resid === 0) return done(undefined);
  if (vp.type === VBLK) return spec_blkio(vp, uio);
  const driver = cdevsw_lookup(vp.mount.kernel, vp.rdev);
  return driver === undefined ? done(ENXIO) : driver.write(vp.rdev, uio, ioflag);
}

/** A block device as a file: through the buffer cache, up to its end. */
function* spec_blkio(vp: Vnode, uio: Uio): Generator<void, Errno | undefined, void> {
  if (uio.offset < 0) return EINVAL;
  const sizeBytes = bdevsw_lookup(vp.mount.kernel, vp.rdev)?.sizeBytes(vp.rdev) ?? 0;
  while (uio.resid > 0 && uio.offset < sizeBytes) {
    const at = uio.offset % BLKDEV_IOSIZE;
    const start = uio.offset - at;
    const size = Math.min(BLKDEV_IOSIZE, sizeBytes - start);
    const bp = yield* bread(vp, start / DEV_BSIZE, size);
    if (isErrno(bp)) return bp;
    uiomove(bp.data, at, Math.min(size - at, uio.resid), uio);
    if (uio.rw === UIO_READ) yield* brelse(bp, 0);
    else {
      const error = yield* bwrite(bp);
      if (error !== undefined) return error;
    }
  }
  return uio.rw !== UIO_READ && uio.resid > 0 && uio.offset >= sizeBytes ? EIO : undefined;
}

function spec_ioctl(vp: Vnode, command: number, data: unknown): Status {
  const k = vp.mount.kernel;
  const driver = vp.type === VBLK ? bdevsw_lookup(k, vp.rdev) : cdevsw_lookup(k, vp.rdev);
  return driver === undefined ? done(ENXIO) : driver.ioctl(vp.rdev, command, data);
}

function spec_fsync(vp: Vnode): Status {
  return vp.type === VBLK ? vinvalbuf(vp, 'save') : done(undefined);
}

/** Hands a transfer to the driver. */
function spec_strategy(vp: Vnode, bp: Buf): Status {
  const driver = bdevsw_lookup(vp.mount.kernel, vp.rdev);
  bp.dev = vp.rdev;
  return spec_transfer(bp, driver === undefined ? null : driver.strategy);
}

function* spec_transfer(
  bp: Buf,
  strategy: ((bp: Buf) => MaySleep<void>) | null,
): Generator<void, undefined, void> {
  if (strategy === null) {
    bp.error = ENXIO;
    yield* biodone(bp);
  } else yield* strategy(bp);
  return undefined;
}

/** Blocks of a device lie where they are. */
function spec_bmap(vp: Vnode, block: number): MaySleep<Bmap> {
  return done({ vp, blkno: block });
}

/** Takes the device from everybody, under whatever name it was opened. */
function* spec_revoke(vp: Vnode): Generator<void, Errno | undefined, void> {
  const sn = vp.special as SpecNode | null;
  for (const alias of sn === null ? [] : [...sn.sd.vnodes]) {
    if (alias === vp || alias.usecount === 0) continue;
    vref(alias);
    yield* vgone(alias);
  }
  yield* vrevoke(vp);
  return undefined;
}

/** What device vnodes do, whatever file system they are on. */
export const spec_operations = {
  lookup: genfs_eopnotsupp,
  open: spec_open,
  close: spec_close,
  read: spec_read,
  write: spec_write,
  ioctl: spec_ioctl,
  poll: genfs_poll,
  fsync: spec_fsync,
  seek: genfs_nullop,
  revoke: spec_revoke,
  bmap: spec_bmap,
  strategy: spec_strategy,
};

/** Whether a vnode is a device. */
export function isDevice(vp: Vnode): boolean {
  return vp.type === VBLK || vp.type === VCHR;
}

/** A mount takes the device for itself, or, with null, gives it back; false when it is taken. */
export function spec_setmountpoint(sd: SpecDev, mp: Mount | null): boolean {
  if (mp !== null && sd.mountpoint !== null) return false;
  sd.mountpoint = mp;
  return true;
}
