/**
 * etfs: host files and bytes in memory, offered to the kernel as block devices. Follows
 * sys/rump/librump/rumpvfs/rumpfs.c (rump_pub_etfs_register).
 *
 * The key is the path under which the device is found. Its node is made when the root file system
 * is mounted; directories on the way are made as well.
 *
 * Differs  rump shows the host file through its own root file system, without a node.
 */

import { devices_of } from '../dev/conf.ts';
import { RumpBlk, rumpblk_find, rumpblk_register } from '../dev/rumpblk.ts';
import { EEXIST, EFTYPE, EINVAL, type Errno, isErrno } from '../kern/errno.ts';
import type { Kernel } from '../kern/kernel.ts';
import { printf } from '../kern/subr_prf.ts';
import { S_IFBLK } from '../vfs/stat.ts';
import { makeNode } from '../vfs/vfs_dev.ts';
import { vfs_of } from '../vfs/vfs_init.ts';
import { hypercall_open } from './hypercall.ts';

/** A block device's content: a host file, or bytes. Bytes are copied: a run cannot change them. */
export type EtfsContent =
  | { readonly file: string; readonly writable?: boolean }
  | { readonly bytes: Uint8Array };

/**
 * Registers devices on the boot path; one that cannot be opened is told on the console, and is
 * missing then.
 */
export function etfs_boot(k: Kernel, sources: Readonly<Record<string, EtfsContent>>): void {
  for (const path of Object.keys(sources)) {
    const dev = etfs_add(k, path, sources[path]);
    if (isErrno(dev)) printf(`etfs: cannot register ${path}: ${dev.text}\n`);
  }
}

/** rump_pub_etfs_register(): Errors: EINVAL, EEXIST, EFTYPE, and what the host answers. */
export function* rump_pub_etfs_register(
  k: Kernel,
  path: string,
  source: EtfsContent,
): Generator<void, Errno | undefined, void> {
  const dev = etfs_add(k, path, source);
  if (isErrno(dev)) return dev;
  if (vfs_of(k).rootvnode === null) return undefined;
  return yield* makeNode({ path, mode: S_IFBLK | 0o600, dev });
}

/** Opens the content and adds the device and its node; gives the device number. */
function etfs_add(k: Kernel, path: string, source: EtfsContent): number | Errno {
  if (!path.startsWith('/')) return EINVAL;
  if (rumpblk_find(k, path) !== undefined) return EEXIST;
  const unit = etfs_open(k, path, source);
  if (isErrno(unit)) return unit;
  const dev = rumpblk_register(k, unit);
  devices_of(k).nodes.push({ path, mode: S_IFBLK | 0o600, dev });
  return dev;
}

function etfs_open(k: Kernel, path: string, source: EtfsContent): RumpBlk | Errno {
  if ('bytes' in source) return new RumpBlk(path, -1, source.bytes.slice(), source.bytes.length);
  const file = hypercall_open(k.world, source.file, source.writable ?? false);
  if (isErrno(file)) return file;
  if (file.kind === 'directory') return EFTYPE;
  const unit = new RumpBlk(path, file.handle, null, file.sizeBytes);
  unit.writable = file.writable;
  return unit;
}
