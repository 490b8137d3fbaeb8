/**
 * What a kernel knows of its file systems, as one record. Follows NetBSD sys/kern/vfs_init.c.
 */

import { inOneStep, publishes } from '../accesses.ts';
import type { Kernel } from '../kern/kernel.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import type { Mount, VfsOps } from './mount.ts';
import type { Namecache } from './vfs_cache.ts';
import type { Vnode } from './vnode.ts';

export class Vfs {
  /** File system types by name: vfs_list. */
  fstypes = new Map<string, VfsOps>();
  /** Mounts in the order in which they were made: mountlist. */
  mountlist: Mount[] = [];
  rootvnode: Vnode | null = null;
  /** Vnodes made so far, and vnodes alive. */
  nextVnodeId = 1;
  numvnodes = 0;
  /** Unused vnodes, least recently used first (vfs_vnode.ts). */
  lruFirst: Vnode | null = null;
  lruLast: Vnode | null = null;
  /** All entries of the name cache, oldest first. */
  namecache = new Set<Namecache>();
  nextFsid = 1;
}

// NetBSD: vdrain_lock, atomic_ops(3), and mountlist_lock.
inOneStep(Vfs, 'nextVnodeId', 'numvnodes', 'lruFirst', 'lruLast', 'namecache[]', 'nextFsid');
publishes(Vfs, 'mountlist[]', 'fstypes[]', 'rootvnode');

/** The record of a kernel, made when first asked for. */
export function vfs_of(k: Kernel): Vfs {
  return k.vfs ?? makeVfs(k);
}

function makeVfs(k: Kernel): Vfs {
  k.vfs = new Vfs();
  return k.vfs;
}

/** vfs_attach(9): a file system type becomes known, by its name. */
export function vfs_attach(k: Kernel, op: VfsOps): void {
  const { fstypes } = vfs_of(k);
  KASSERT(!fstypes.has(op.name), `file system ${op.name} is attached twice`);
  fstypes.set(op.name, op);
}

/** vfs_getopsbyname(9). */
export function vfs_getopsbyname(k: Kernel, name: string): VfsOps | undefined {
  return vfs_of(k).fstypes.get(name);
}
