/**
 * tmpfs: the records of a mount, its nodes and directory entries. Follows NetBSD
 * sys/fs/tmpfs/tmpfs.h.
 *
 * A node is an inode: one for each file, kept by the entries that name it (`links`) or by its
 * vnode while that lives.
 *
 * Locking  What is in a node is guarded by the lock of its vnode, and `parent` by the rename lock
 *          of the mount as well.
 * Differs  A directory is a map by name, and needs no name cache; a file is an array of pages.
 */

import { inOneStep, publishes } from '../../accesses.ts';
import type { Kernel } from '../../kern/kernel.ts';
import type { VType, Vnode } from '../../vfs/vnode.ts';

/** Bytes of a page of a file. */
export const PAGE_SIZE = 4096;
/** Largest size of a file, bytes. */
export const TMPFS_MAXFILESIZE = 2 ** 43;
/** Links a node may have. */
export const LINK_MAX = 32767;

/** What an entry and a node count for in sizes and limits, bytes. */
export const TMPFS_DIRENT_SIZE = 48;
export const TMPFS_NODE_SIZE = 176;

/** Offsets of readdir: `.`, `..`, the first entry. */
export const TMPFS_DIRSEQ_DOT = 0;
export const TMPFS_DIRSEQ_DOTDOT = 1;
export const TMPFS_DIRSEQ_START = 2;

/** Times that tmpfs_update() sets. */
export const TMPFS_UPDATE_ATIME = 0x01;
export const TMPFS_UPDATE_MTIME = 0x02;
export const TMPFS_UPDATE_CTIME = 0x04;

/** A name in a directory. */
export class TmpfsDirent {
  name: string;
  node: TmpfsNode;
  /** Its place in the directory's order, which readdir's offsets name. */
  seq = 0;

  constructor(name: string, node: TmpfsNode) {
    this.name = name;
    this.node = node;
  }
}

/** What a directory has besides. */
export class TmpfsDir {
  /** The directory that it is in; itself for the root, null once it was removed. */
  parent: TmpfsNode | null = null;
  entries = new Map<string, TmpfsDirent>();
  /** The entries by `seq`; a removed one leaves null until the array is packed. */
  order: (TmpfsDirent | null)[] = [];
  nextSeq = TMPFS_DIRSEQ_START;
}

export class TmpfsNode {
  type: VType;
  /** Inode number. */
  id: number;
  mount: TmpfsMount;
  /** Its vnode; null while that is not in memory. */
  vnode: Vnode | null = null;
  /** Names that it has; for a directory also its `.` and the `..` of its children. */
  links = 0;
  mode: number;
  uid: number;
  gid: number;
  flags = 0;
  /** Bytes. */
  size = 0;
  /** Times, ns since 1970. */
  atime: number;
  mtime: number;
  ctime: number;
  birthtime: number;

  // By type.
  /** VDIR. */
  dir: TmpfsDir | null = null;
  /** VREG: the pages; a missing one is a hole, a short one ends in zeros. */
  pages: (Uint8Array | undefined)[] | null = null;
  /** VREG: pages that are there. */
  pageCount = 0;
  /** VLNK: what it says. */
  link = '';
  /** VBLK, VCHR: the device. */
  rdev = 0;

  constructor(
    mount: TmpfsMount,
    type: VType,
    mode: number,
    uid: number,
    gid: number,
    timeNs: number,
  ) {
    this.mount = mount;
    this.type = type;
    this.id = mount.nextId++;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.atime = timeNs;
    this.mtime = timeNs;
    this.ctime = timeNs;
    this.birthtime = timeNs;
  }
}

// NetBSD: readers that hold the vnode's lock shared set times, under tn_timelock; the vnode is
// found under the vcache's lock.
inOneStep(TmpfsNode, 'atime', 'mtime', 'ctime');
publishes(TmpfsNode, 'vnode');

export class TmpfsMount {
  root: TmpfsNode | null = null;
  nextId = 2;
  /** Nodes there are, and may be. */
  nodes = 0;
  nodesMax: number;
  /** Bytes used and allowed (tmpfs_mem.ts). */
  memUsed = 0;
  memLimit: number;
  /** The kernel whose limited memory the bytes are taken from; null where there is no limit. */
  limited: Kernel | null;

  constructor(nodesMax: number, memLimit: number, limited: Kernel | null) {
    this.nodesMax = nodesMax;
    this.memLimit = memLimit;
    this.limited = limited;
  }
}

// NetBSD: atomic_ops(3), and tm_lock.
inOneStep(TmpfsMount, 'nodes', 'memUsed', 'nextId');

/** What mount(2) may be told: struct tmpfs_args. */
export interface TmpfsArgs {
  /** Limits; absent or 0 for none. */
  readonly nodesMax?: number;
  readonly sizeMax?: number;
  readonly rootUid?: number;
  readonly rootGid?: number;
  readonly rootMode?: number;
}

/** The node of a vnode: VP_TO_TMPFS_NODE. */
export function VP_TO_TMPFS_NODE(vp: Vnode): TmpfsNode {
  return vp.data as TmpfsNode;
}

/** The node of a directory's vnode: VP_TO_TMPFS_DIR. */
export function VP_TO_TMPFS_DIR(vp: Vnode): TmpfsNode {
  return vp.data as TmpfsNode;
}
