/**
 * The block device of a rump kernel: a host file, or bytes in memory. Follows
 * sys/rump/librump/rumpdev/rumpblk.c.
 *
 * A transfer that begins beyond the end of the device answers EINVAL, one that begins at its end
 * moves nothing, and one that passes the end is cut there: bp.resid tells.
 *
 * strategy() puts the transfer on the unit's queue, and a softint does it: so a reader really
 * sleeps in biowait(), and an error is made on another LWP than the one it fails. With
 * RUMP_THREADS=0 the transfer is done at once.
 *
 * RUMP_BLKFAIL=n makes n of 10,000 transfers fail with EIO, picked by a generator of its own
 * (RUMP_BLKFAIL_SEED), so that the schedule has no part in which.
 */

import { publishes } from '../accesses.ts';
import { EINVAL, EIO, ENOTTY, ENXIO, EROFS, type Errno, isErrno } from '../kern/errno.ts';
import { FWRITE } from '../kern/file.ts';
import type { Kernel } from '../kern/kernel.ts';
import {
  SOFTINT_BIO,
  type Softhand,
  softint_establish,
  softint_schedule,
  softint_schedule_cpu,
} from '../kern/kern_softint.ts';
import { printf } from '../kern/subr_prf.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { hypercall_read, hypercall_sync, hypercall_write } from '../rumpuser/hypercall.ts';
import { B_READ, type Buf, DEV_BSIZE } from '../vfs/buf.ts';
import { biodone } from '../vfs/vfs_bio.ts';
import { curkernel } from '../world/current.ts';
import { FAULT_IO, fault } from '../world/fault.ts';
import { Random } from '../world/random.ts';
import { setTimerStop } from '../world/stops.ts';
import { worldTimeNs } from '../world/world.ts';
import { type BDevsw, devsw_attach, makedev, minor } from './conf.ts';

/** Major number of the driver. */
export const RUMPBLK_DEVMAJOR = 197;
/** RUMP_BLKFAIL counts failures among as many transfers. */
const BLKFAIL_MAX = 10000;
/** How much later a late transfer is done. */
const LATE_NS = 1_000_000;

/** One device: struct rblkdev. */
export class RumpBlk {
  /** Key under which it was registered: a path. */
  path: string;
  /** The host's file; -1 when the content is `bytes`. */
  handle: number;
  bytes: Uint8Array | null;
  sizeBytes: number;
  writable: boolean;
  /** Transfers that wait for the softint. */
  queue: Buf[] = [];
  softint: Softhand | null = null;

  constructor(path: string, handle: number, bytes: Uint8Array | null, sizeBytes: number) {
    this.path = path;
    this.handle = handle;
    this.bytes = bytes;
    this.sizeBytes = sizeBytes;
    this.writable = bytes !== null;
  }
}

// NetBSD has no such queue: requests go to the host by rumpuser_bio(), under its own lock.
publishes(RumpBlk, 'queue[]');

/** All devices of a kernel. */
export class RumpBlks {
  units: RumpBlk[] = [];
  /** Picks the transfers that fail. */
  failures: Random;

  constructor(seed: number) {
    this.failures = new Random(seed);
  }
}

/** The record of a kernel, made, with its driver, when first asked for. */
function rumpblks_of(k: Kernel): RumpBlks {
  if (k.etfs === null) {
    k.etfs = new RumpBlks(k.config.blkfailSeed);
    void devsw_attach(k, RUMPBLK_DEVMAJOR, rumpblk_bdevsw, null);
  }
  return k.etfs;
}

/** Adds a device; gives its device number. */
export function rumpblk_register(k: Kernel, unit: RumpBlk): number {
  const { units } = rumpblks_of(k);
  if (k.config.threads) unit.softint = softint_establish(k, SOFTINT_BIO, rumpblk_softint, unit);
  return makedev(RUMPBLK_DEVMAJOR, units.push(unit) - 1);
}

/** The device of a path; undefined when none was registered. */
export function rumpblk_find(k: Kernel, path: string): RumpBlk | undefined {
  return k.etfs?.units.find((unit) => unit.path === path);
}

function unit_of(dev: number): RumpBlk | undefined {
  return curkernel().etfs?.units[minor(dev)];
}

/** Errors: ENXIO for a unit that is not there, EROFS for writing to what is read-only. */
function rumpblk_open(dev: number, flags: number): MaySleep<Errno | undefined> {
  const unit = unit_of(dev);
  if (unit === undefined) return done(ENXIO);
  return done((flags & FWRITE) !== 0 && !unit.writable ? EROFS : undefined);
}

function rumpblk_close(dev: number): MaySleep<Errno | undefined> {
  const unit = unit_of(dev);
  if (unit === undefined || unit.handle < 0 || !unit.writable) return done(undefined);
  return done(hypercall_sync(curkernel().world, unit.handle));
}

function rumpblk_ioctl(): MaySleep<Errno> {
  return done(ENOTTY);
}

function rumpblk_size(dev: number): number {
  return unit_of(dev)?.sizeBytes ?? 0;
}

/** Begins a transfer, or ends it where nothing is to be moved. */
function* rumpblk_strategy(bp: Buf): Generator<void, void, void> {
  const unit = unit_of(bp.dev);
  const left = unit === undefined ? ENXIO : rumpblk_bounds(unit, bp);
  bp.resid = bp.data.length;
  if (unit === undefined || isErrno(left) || left === 0) {
    if (isErrno(left)) bp.error = left;
    yield* biodone(bp);
  } else if (unit.softint === null) {
    rumpblk_transfer(unit, bp);
    yield* biodone(bp);
  } else {
    unit.queue.push(bp);
    softint_schedule(unit.softint);
  }
}

/** Bytes that the device has from where a transfer begins. Errors: EINVAL beyond its end. */
function rumpblk_bounds(unit: RumpBlk, bp: Buf): number | Errno {
  const left = unit.sizeBytes - bp.blkno * DEV_BSIZE;
  return left < 0 || bp.blkno < 0 ? EINVAL : left;
}

/** Does what waits on a unit's queue. */
function* rumpblk_softint(unit: RumpBlk): Generator<void, void, void> {
  for (let bp = unit.queue.shift(); bp !== undefined; bp = unit.queue.shift()) {
    const chosen = chooseFault();
    if (chosen === LATE) {
      rumpblk_later(unit, bp);
      continue;
    }
    rumpblk_transfer(unit, bp, chosen);
    yield* biodone(bp);
  }
}

/** Alternatives of FAULT_IO to a transfer that is done at once and whole. */
const FAIL = 1;
const SHORT = 2;
const LATE = 3;

function chooseFault(): number {
  const k = curkernel();
  return k.config.faults === 0 ? 0 : fault(k, FAULT_IO, LATE);
}

/** Does a transfer a while later, behind those that come in the meantime. */
function rumpblk_later(unit: RumpBlk, bp: Buf): void {
  const w = curkernel().world;
  const softint = unit.softint!;
  const again = () => {
    unit.queue.push(bp);
    softint_schedule_cpu(softint, softint.kernel.cpus[0]);
  };
  w.timers.add(worldTimeNs(w, hooks.icount) + LATE_NS, again, null);
  setTimerStop(w);
}

/** Moves what the device has of a block, and stores how that went. */
function rumpblk_transfer(unit: RumpBlk, bp: Buf, chosen = 0): void {
  if (chosen === FAIL || injectFailure(bp)) {
    bp.error = EIO;
    return;
  }
  const offset = bp.blkno * DEV_BSIZE;
  const whole = Math.min(bp.data.length, unit.sizeBytes - offset);
  const count = chosen === SHORT ? Math.floor(whole / (2 * DEV_BSIZE)) * DEV_BSIZE : whole;
  const read = (bp.flags & B_READ) !== 0;
  const moved = read ? readUnit(unit, bp, offset, count) : writeUnit(unit, bp, offset, count);
  if (isErrno(moved)) bp.error = moved;
  else bp.resid = bp.data.length - moved;
}

/** Whether RUMP_BLKFAIL wants this transfer to fail. */
function injectFailure(bp: Buf): boolean {
  const k = curkernel();
  const { blkfail } = k.config;
  if (blkfail === 0) return false;
  if (rumpblks_of(k).failures.below(BLKFAIL_MAX) >= blkfail) return false;
  printf(`block fault injection: failing I/O on block ${bp.blkno}\n`);
  return true;
}

function readUnit(unit: RumpBlk, bp: Buf, offset: number, count: number): number | Errno {
  if (unit.bytes !== null) {
    bp.data.set(unit.bytes.subarray(offset, offset + count));
    return count;
  }
  const bytes = hypercall_read(curkernel().world, unit.handle, offset, count);
  if (isErrno(bytes)) return bytes;
  bp.data.set(bytes.length > count ? bytes.subarray(0, count) : bytes);
  return Math.min(bytes.length, count);
}

function writeUnit(unit: RumpBlk, bp: Buf, offset: number, count: number): number | Errno {
  if (!unit.writable) return EROFS;
  const data = bp.data.subarray(0, count);
  if (unit.bytes === null) {
    return hypercall_write(curkernel().world, unit.handle, offset, data);
  }
  unit.bytes.set(data, offset);
  return count;
}

const rumpblk_bdevsw: BDevsw = {
  name: 'rumpblk',
  open: rumpblk_open,
  close: rumpblk_close,
  strategy: rumpblk_strategy,
  ioctl: rumpblk_ioctl,
  sizeBytes: rumpblk_size,
};
