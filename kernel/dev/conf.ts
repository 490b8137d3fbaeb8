/**
 * Device switches: which driver serves a device number. Follows NetBSD sys/sys/conf.h and
 * sys/kern/subr_devsw.c.
 *
 * A driver is a component whose boot function calls devsw_attach().
 */

import { EEXIST, type Errno } from '../kern/errno.ts';
import type { Kernel } from '../kern/kernel.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Buf } from '../vfs/buf.ts';
import type { Uio } from '../vfs/uio.ts';
import type { SpecDev } from '../miscfs/specdev.ts';

type Status = MaySleep<Errno | undefined>;

/** A device number: major 12 bits, minor 20 bits, where NetBSD keeps them. */
export function makedev(major: number, minor: number): number {
  return (((major & 0xfff) << 8) | ((minor & 0xfff00) << 12) | (minor & 0xff)) >>> 0;
}

export function major(dev: number): number {
  return (dev >>> 8) & 0xfff;
}

export function minor(dev: number): number {
  return ((dev >>> 12) & 0xfff00) | (dev & 0xff);
}

/** A block driver: struct bdevsw. */
export interface BDevsw {
  readonly name: string;
  open(dev: number, flags: number): Status;
  close(dev: number, flags: number): Status;
  /** Begins the transfer of `bp`; biodone() ends it. Errors are stored in bp.error. */
  strategy(bp: Buf): MaySleep<void>;
  ioctl(dev: number, command: number, data: unknown): Status;
  /** Size of the device, bytes. */
  sizeBytes(dev: number): number;
}

/** A character driver: struct cdevsw. */
export interface CDevsw {
  readonly name: string;
  open(dev: number, flags: number): Status;
  close(dev: number, flags: number): Status;
  read(dev: number, uio: Uio, ioflag: number): Status;
  write(dev: number, uio: Uio, ioflag: number): Status;
  ioctl(dev: number, command: number, data: unknown): Status;
}

export class Devices {
  /** Drivers by major number. */
  bdevsw = new Map<number, BDevsw>();
  cdevsw = new Map<number, CDevsw>();
  /** Devices in use, by kind and number: see specfs. */
  specdevs = new Map<string, SpecDev>();
  /** Nodes to be made in /dev. */
  nodes: DeviceNode[] = [];
}

/** A node of /dev. */
export interface DeviceNode {
  readonly path: string;
  /** Type (S_IFCHR, S_IFBLK) and permissions. */
  readonly mode: number;
  readonly dev: number;
}

/** The record of a kernel, made when first asked for. */
export function devices_of(k: Kernel): Devices {
  k.devices ??= new Devices();
  return k.devices;
}

/** devsw_attach(9): a driver takes a major number. Errors: EEXIST. */
export function devsw_attach(
  k: Kernel,
  maj: number,
  bdev: BDevsw | null,
  cdev: CDevsw | null,
): Errno | undefined {
  const { bdevsw, cdevsw } = devices_of(k);
  if (bdev !== null && bdevsw.has(maj)) return EEXIST;
  if (cdev !== null && cdevsw.has(maj)) return EEXIST;
  if (bdev !== null) bdevsw.set(maj, bdev);
  if (cdev !== null) cdevsw.set(maj, cdev);
  return undefined;
}

/** bdevsw_lookup(9). */
export function bdevsw_lookup(k: Kernel, dev: number): BDevsw | undefined {
  return k.devices?.bdevsw.get(major(dev));
}

/** cdevsw_lookup(9). */
export function cdevsw_lookup(k: Kernel, dev: number): CDevsw | undefined {
  return k.devices?.cdevsw.get(major(dev));
}
