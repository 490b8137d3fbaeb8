/**
 * The record that all vnodes of one device share. Follows NetBSD sys/miscfs/specfs/specdev.h.
 */

import type { Mount } from '../vfs/mount.ts';
import type { Vnode } from '../vfs/vnode.ts';

export class SpecDev {
  dev: number;
  kind: 'block' | 'character';
  /** Vnodes that name it. */
  vnodes: Vnode[] = [];
  /** Opens that were not closed. */
  opencnt = 0;
  /** The file system that is mounted from it: sd_mountpoint. */
  mountpoint: Mount | null = null;
  /** The one vnode through which a block device is open, as it has the buffers: sd_bdevvp. */
  bdevvp: Vnode | null = null;

  constructor(dev: number, kind: 'block' | 'character') {
    this.dev = dev;
    this.kind = kind;
  }
}

/** What one vnode knows of its device: `Vnode.special`. */
export class SpecNode {
  sd: SpecDev;
  /** Opens through this vnode that were not closed. */
  opencnt = 0;

  constructor(sd: SpecDev) {
    this.sd = sd;
  }
}
