/**
 * tmpfs: the memory file system. Follows NetBSD sys/fs/tmpfs.
 */

import { type Component, component } from '../../kern/component.ts';
import { vfs } from '../../vfs/component.ts';
import { vfs_attach } from '../../vfs/vfs_init.ts';
import type { VnodeOps } from '../../vfs/vnode_if.ts';
import { tmpfs_fifoops, tmpfs_specops } from './tmpfs_special.ts';
import { tmpfs_vfsops } from './tmpfs_vfsops.ts';
import { tmpfs_vnodeops } from './tmpfs_vnops.ts';

export interface TmpfsOptions {
  /** Other versions of some vnode operations. */
  readonly vnodeops?: Partial<VnodeOps>;
}

/** Makes a tmpfs component; one that a program asks for stands in for `tmpfs`. */
export function tmpfsComponent(options: TmpfsOptions = {}): Component {
  const ops = tmpfs_vfsops({
    vnodeops: { ...tmpfs_vnodeops, ...options.vnodeops },
    specops: tmpfs_specops,
    fifoops: tmpfs_fifoops,
  });
  return component({ name: 'tmpfs', requires: [vfs], boot: (k) => vfs_attach(k, ops) });
}

export const tmpfs: Component = tmpfsComponent();

export * from './tmpfs.ts';
export * from './tmpfs_dir.ts';
export * from './tmpfs_rename.ts';
export * from './tmpfs_subr.ts';
export * from './tmpfs_vnops.ts';
