/**
 * Device nodes and fifos of tmpfs: their attributes are here, the rest is specfs's and fifofs's.
 * Follows NetBSD sys/fs/tmpfs/tmpfs_specops.c and tmpfs_fifoops.c.
 */

import { type VnodeOps, vnodeops } from '../../vfs/vnode_if.ts';
import { tmpfs_access, tmpfs_getattr, tmpfs_setattr } from './tmpfs_attr.ts';
import { tmpfs_inactive, tmpfs_reclaim } from './tmpfs_vnops.ts';

const own = {
  access: tmpfs_access,
  getattr: tmpfs_getattr,
  setattr: tmpfs_setattr,
  inactive: tmpfs_inactive,
  reclaim: tmpfs_reclaim,
};

export const tmpfs_specops: VnodeOps = vnodeops({ ...own, name: 'tmpfs special' });

export const tmpfs_fifoops: VnodeOps = vnodeops({ ...own, name: 'tmpfs fifo' });
