/**
 * Vnodes: vnode(9), vattr(9). Follows NetBSD sys/sys/vnode.h.
 *
 * A vnode is what the kernel knows of a file of any file system. Its life is in vfs_vnode.ts, its
 * operations are in vnode_if.ts.
 *
 * Locking  `lock` guards what the file is (attributes, contents, directory entries); everything
 *          else here changes between two scheduling points only, and needs none.
 * Differs  Times are nanoseconds since 1970 in one number; near now they step by 256.
 */

import { inOneStep, publishes } from '../accesses.ts';
import { KRwlock } from '../kern/kern_rwlock.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Mount } from './mount.ts';
import type { Namecache } from './vfs_cache.ts';
import type { VnodeOps } from './vnode_if.ts';

/** File types: enum vtype. */
export const VNON = 0;
export const VREG = 1;
export const VDIR = 2;
export const VBLK = 3;
export const VCHR = 4;
export const VLNK = 5;
export const VSOCK = 6;
export const VFIFO = 7;
export const VBAD = 8;
export type VType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Names of the types, for people. */
export const VTYPE_NAMES: readonly string[] = [
  'VNON',
  'VREG',
  'VDIR',
  'VBLK',
  'VCHR',
  'VLNK',
  'VSOCK',
  'VFIFO',
  'VBAD',
];

/** Flags of `Vnode.flag`. */
export const VV_ROOT = 0x00000001;
export const VV_SYSTEM = 0x00000002;
export const VV_MAPPED = 0x00000008;

/** States of `Vnode.state`: enum vnode_state of sys/sys/vnode_impl.h. */
export const VS_LOADING = 1;
export const VS_LOADED = 2;
export const VS_RECLAIMING = 4;
export const VS_RECLAIMED = 5;
export type VState = 1 | 2 | 4 | 5;

/** Ways to lock: vn_lock(9). */
export const LK_SHARED = 0x00000001;
export const LK_EXCLUSIVE = 0x00000002;
/** Fail with EBUSY instead of sleeping. */
export const LK_NOWAIT = 0x00000010;
/** Lock it even when it is dead. */
export const LK_RETRY = 0x00020000;

/** Modes for VOP_ACCESS: accmode_t. */
export const VEXEC = 0o000000000100;
export const VWRITE = 0o000000000200;
export const VREAD = 0o000000000400;
export const VADMIN = 0o000000010000;
export type AccMode = number;

/** Flags for VOP_READ and VOP_WRITE. */
export const IO_UNIT = 0x00010;
export const IO_APPEND = 0x00020;
export const IO_SYNC = 0x00040;
export const IO_NDELAY = 0x00080;

/** "Leave it": the value of an attribute that is not to be set. */
export const VNOVAL = -1;

/** Flag of `VAttr.vaflags`: the times are "now", which whoever may write may set. */
export const VA_UTIMES_NULL = 0x01;

/** Attributes: struct vattr. A new one is VATTR_NULL: nothing to be set. */
export class VAttr {
  type: VType = VNON;
  mode = VNOVAL;
  nlink = VNOVAL;
  uid = VNOVAL;
  gid = VNOVAL;
  fsid = VNOVAL;
  fileid = VNOVAL;
  size = VNOVAL;
  blocksize = VNOVAL;
  /** Times, ns since 1970. */
  atime = VNOVAL;
  mtime = VNOVAL;
  ctime = VNOVAL;
  birthtime = VNOVAL;
  gen = VNOVAL;
  flags = VNOVAL;
  rdev = VNOVAL;
  /** Bytes of storage used. */
  bytes = VNOVAL;
  vaflags = 0;
}

/** A new VAttr, for what the file is going to be: VATTR_NULL. */
export function vattr_null(type: VType = VNON, mode: number = VNOVAL): VAttr {
  const va = new VAttr();
  va.type = type;
  va.mode = mode;
  return va;
}

/** What names a vnode in its mount: an inode number, or the file system's own record. */
export type VcacheKey = number | object;

export class Vnode {
  /** Number in its kernel, in order of creation. */
  id: number;
  type: VType = VNON;
  /** VV_* */
  flag = 0;
  state: VState = VS_LOADING;
  mount: Mount;
  op: VnodeOps;
  /** The file system's own record of the file. */
  data: unknown = null;
  key: VcacheKey;
  /** Size of a regular file, bytes: kept by the file system. */
  size = 0;
  lock: KRwlock;

  // References: see vfs_vnode.ts.
  /** Users; the file system hears of the last one that leaves (VOP_INACTIVE). */
  usecount = 1;
  /** Holders, which keep the record but not the file: vhold(). */
  holdcnt = 0;
  /** Descriptors open for writing. */
  writecount = 0;
  /** Used since the list of unused vnodes was last gone through. */
  recent = false;
  /** Place on that list. */
  lruPrev: Vnode | null = null;
  lruNext: Vnode | null = null;
  onLru = false;
  /** LWPs that wait for a change of `state`. */
  stateWaiters: Lwp[] = [];

  // By type.
  /** VDIR: what is mounted here. */
  mountedhere: Mount | null = null;
  /** VBLK, VCHR: the device number; see specfs. */
  rdev = VNOVAL;
  /** VBLK, VCHR, VFIFO, VSOCK: the record of specfs, fifofs or the socket. */
  special: unknown = null;

  // The name cache: see vfs_cache.ts.
  /** VDIR: what is known of its entries. */
  names: Map<string, Namecache> | null = null;
  /** The entries that name this vnode. */
  cached: Namecache[] | null = null;

  constructor(id: number, mount: Mount, op: VnodeOps, key: VcacheKey) {
    this.id = id;
    this.mount = mount;
    this.op = op;
    this.key = key;
    this.lock = new KRwlock('vnode');
  }
}

// NetBSD: counts by atomic_ops(3) and v_interlock, the list by vdrain_lock, `state` by v_interlock,
// the name cache by the lock of each directory's (nc_lock).
inOneStep(Vnode, 'usecount', 'holdcnt', 'writecount', 'recent');
// A lookup looks at `mountedhere` unlocked, and again under vfs_busy (NetBSD: lookup_fastforward).
inOneStep(Vnode, 'lruPrev', 'lruNext', 'onLru');
// Operations are called before the lock is there; an unmount by force puts deadfs's in their place.
inOneStep(Vnode, 'op');
publishes(Vnode, 'state', 'stateWaiters[]', 'mountedhere', 'names[]', 'cached[]');
