/**
 * ffs: the Berkeley fast file system, version 1, read-only. Follows NetBSD sys/ufs.
 *
 * Example  yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
 */

import { type Component, component } from '../../kern/component.ts';
import { vfs } from '../../vfs/component.ts';
import { vfs_attach } from '../../vfs/vfs_init.ts';
import { tmpfs } from '../tmpfs/index.ts';
import { type FindSuperblock, ffs_findsuperblock } from './ffs_sblock.ts';
import { ffs_vfsops } from './ffs_vfsops.ts';

export interface FfsOptions {
  /** Another way to find the superblock. */
  readonly findSuperblock?: FindSuperblock;
}

/** Makes an ffs component; one that a program asks for stands in for `ffs`. */
export function ffsComponent(options: FfsOptions = {}): Component {
  const ops = ffs_vfsops(options.findSuperblock ?? ffs_findsuperblock);
  return component({ name: 'ffs', requires: [vfs, tmpfs], boot: (k) => vfs_attach(k, ops) });
}

export const ffs: Component = ffsComponent();

export * from './ffs_sblock.ts';
export * from './fs.ts';
export * from './inode.ts';
