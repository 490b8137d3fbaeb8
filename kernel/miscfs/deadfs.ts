/**
 * deadfs: what is left of a vnode whose file was taken away. Follows NetBSD
 * sys/miscfs/deadfs/dead_vnops.c.
 */

import { done } from '../hooks.ts';
import { EBADF, EIO, ENOTDIR, ENXIO, type Errno } from '../kern/errno.ts';
import type { MaySleep } from '../maysleep.ts';
import { genfs_ebadf, genfs_nullop } from '../vfs/genfs_defaults.ts';
import { type VnodeOps, vnodeops } from '../vfs/vnode_if.ts';

function dead_lookup(): MaySleep<Errno> {
  return done(ENOTDIR);
}

function dead_open(): MaySleep<Errno> {
  return done(ENXIO);
}

function dead_io(): MaySleep<Errno> {
  return done(EIO);
}

function dead_ioctl(): MaySleep<Errno> {
  return done(EBADF);
}

export const dead_vnodeops: VnodeOps = vnodeops({
  name: 'deadfs',
  lookup: dead_lookup,
  open: dead_open,
  close: genfs_nullop,
  access: genfs_ebadf,
  getattr: genfs_ebadf,
  setattr: genfs_ebadf,
  read: dead_io,
  write: dead_io,
  ioctl: dead_ioctl,
  fsync: genfs_nullop,
  readdir: genfs_ebadf,
  readlink: genfs_ebadf,
  bmap: dead_io,
  strategy: dead_io,
  pathconf: genfs_ebadf,
});
