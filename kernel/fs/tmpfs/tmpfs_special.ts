/**
 * Device nodes and fifos of tmpfs: their attributes are here, the rest is specfs's and fifofs's.
 * Follows NetBSD sys/fs/tmpfs/tmpfs_specops.c and tmpfs_fifoops.c.
 */

import type { Errno } from '../../kern/errno.ts';
import type { MaySleep } from '../../maysleep.ts';
import { fifo_operations } from '../../miscfs/fifofs.ts';
import { spec_node_destroy, spec_operations } from '../../miscfs/specfs.ts';
import type { Vnode } from '../../vfs/vnode.ts';
import { type VnodeOps, vnodeops } from '../../vfs/vnode_if.ts';
import { tmpfs_access, tmpfs_getattr, tmpfs_setattr } from './tmpfs_attr.ts';
import { tmpfs_inactive, tmpfs_reclaim } from './tmpfs_vnops.ts';

const own = {
  access: tmpfs_access,
  getattr: tmpfs_getattr,
  setattr: tmpfs_setattr,
  inactive: tmpfs_inactive,
};

function tmpfs_spec_reclaim(vp: Vnode): MaySleep<Errno | undefined> {
  spec_node_destroy(vp);
  return tmpfs_reclaim(vp);
}

export const tmpfs_specops: VnodeOps = vnodeops({
  ...spec_operations,
  ...own,
  name: 'tmpfs special',
  reclaim: tmpfs_spec_reclaim,
});

export const tmpfs_fifoops: VnodeOps = vnodeops({
  ...fifo_operations,
  ...own,
  name: 'tmpfs fifo',
  reclaim: tmpfs_reclaim,
});
