/**
 * Mounts: vfsops(9). Follows NetBSD sys/sys/mount.h.
 *
 * A file system is a component whose boot function calls vfs_attach(k, itsVfsops).
 */

import { publishes } from '../accesses.ts';
import type { Errno } from '../kern/errno.ts';
import type { KMutex } from '../kern/kern_mutex.ts';
import { KRwlock } from '../kern/kern_rwlock.ts';
import type { Kernel } from '../kern/kernel.ts';
import type { Cred } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
import type { ComponentName } from './namei.ts';
import type { VAttr, VcacheKey, Vnode } from './vnode.ts';

/** Flags of a mount: mount(2), statvfs(5). */
export const MNT_RDONLY = 0x00000001;
export const MNT_SYNCHRONOUS = 0x00000002;
export const MNT_NOEXEC = 0x00000004;
export const MNT_NOSUID = 0x00000008;
export const MNT_NODEV = 0x00000010;
export const MNT_LOCAL = 0x00001000;
export const MNT_ROOTFS = 0x00004000;
export const MNT_UPDATE = 0x00010000;
export const MNT_RELOAD = 0x00040000;
export const MNT_FORCE = 0x00080000;
export const MNT_NOATIME = 0x04000000;
export const MNT_WAIT = 1;
export const MNT_NOWAIT = 2;
/** What mount(2) may change on a mounted file system. */
export const MNT_CHANGEABLE =
  MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | MNT_NOATIME;

/** Flags of unmount for vflush(). */
export const FORCECLOSE = 0x0002;

/** What statvfs(2) tells: struct statvfs, without the prefix of its fields. */
export class Statvfs {
  flag = 0;
  bsize = 0;
  frsize = 0;
  iosize = 0;
  blocks = 0;
  bfree = 0;
  bavail = 0;
  bresvd = 0;
  files = 0;
  ffree = 0;
  favail = 0;
  fresvd = 0;
  fsid = 0;
  namemax = 255;
  owner = 0;
  fstypename = '';
  mntonname = '';
  mntfromname = '';
}

/** The operations of a file system type: struct vfsops. */
export interface VfsOps {
  /** `tmpfs`, `ffs`: what mount(2) is told. */
  readonly name: string;
  /**
   * Mounts: sets mp.data and mp.stat, and may read `data` (the file system's own arguments).
   * With MNT_UPDATE in mp.flag it changes a mounted one. Locks: none held.
   */
  mount(mp: Mount, path: string, data: unknown): MaySleep<Errno | undefined>;
  start(mp: Mount, flags: number): MaySleep<Errno | undefined>;
  /** Gives everything back; vflush() is its first step. `flags` may have MNT_FORCE. */
  unmount(mp: Mount, flags: number): MaySleep<Errno | undefined>;
  /** The root vnode, referenced, not locked. */
  root(mp: Mount): MaySleep<Vnode | Errno>;
  /** Fills the counts of `st`; the names and flags are there already. */
  statvfs(mp: Mount, st: Statvfs): MaySleep<Errno | undefined>;
  sync(mp: Mount, waitfor: number, cred: Cred): MaySleep<Errno | undefined>;
  /** The vnode of an inode number, referenced, not locked. */
  vget(mp: Mount, ino: number): MaySleep<Vnode | Errno>;
  /** Fills a new vnode for `key`: sets type, data, op, and flag VV_ROOT. */
  loadvnode(mp: Mount, vp: Vnode, key: VcacheKey): MaySleep<Errno | undefined>;
  /** Makes a file for a new vnode, and fills that; gives its key. */
  newvnode(
    mp: Mount,
    dvp: Vnode | null,
    vp: Vnode,
    vap: VAttr,
    cnp: ComponentName | null,
  ): MaySleep<VcacheKey | Errno>;
  /** Before and after a rename inside the mount; NetBSD's is one mutex a mount. */
  renamelock_enter(mp: Mount): MaySleep<void>;
  renamelock_exit(mp: Mount): void;
}

export class Mount {
  kernel: Kernel;
  op: VfsOps;
  /** MNT_* */
  flag = 0;
  /** The file system's own record. */
  data: unknown = null;
  /** Where it is mounted; null for the root. */
  vnodecovered: Vnode | null = null;
  /** Names and constants of statvfs(2). */
  stat = new Statvfs();
  /** Its live vnodes by key: see vcache_get(). */
  vnodes = new Map<VcacheKey, Vnode>();
  /** Held shared by whoever is busy in it, exclusively by unmount: vfs_busy(9). */
  busyLock: KRwlock;
  renamelock: KMutex;
  /** Being, or been, unmounted. */
  gone = false;

  constructor(kernel: Kernel, op: VfsOps, renamelock: KMutex) {
    this.kernel = kernel;
    this.op = op;
    this.renamelock = renamelock;
    this.busyLock = new KRwlock('vfs_busy');
  }
}

// NetBSD: vcache_lock, and v_interlock of the vnode.
publishes(Mount, 'vnodes[]');

/** VFS_START(9). */
export function VFS_START(mp: Mount, flags: number): MaySleep<Errno | undefined> {
  return mp.op.start(mp, flags);
}

/** VFS_UNMOUNT(9). */
export function VFS_UNMOUNT(mp: Mount, flags: number): MaySleep<Errno | undefined> {
  return mp.op.unmount(mp, flags);
}

/** VFS_ROOT(9): referenced, not locked. */
export function VFS_ROOT(mp: Mount): MaySleep<Vnode | Errno> {
  return mp.op.root(mp);
}

/** VFS_STATVFS(9). */
export function VFS_STATVFS(mp: Mount, st: Statvfs): MaySleep<Errno | undefined> {
  return mp.op.statvfs(mp, st);
}

/** VFS_SYNC(9). */
export function VFS_SYNC(mp: Mount, wait: number, cred: Cred): MaySleep<Errno | undefined> {
  return mp.op.sync(mp, wait, cred);
}

/** VFS_VGET(9): referenced, not locked. */
export function VFS_VGET(mp: Mount, ino: number): MaySleep<Vnode | Errno> {
  return mp.op.vget(mp, ino);
}

/** VFS_RENAMELOCK_ENTER(9). */
export function VFS_RENAMELOCK_ENTER(mp: Mount): MaySleep<void> {
  return mp.op.renamelock_enter(mp);
}

/** VFS_RENAMELOCK_EXIT(9). */
export function VFS_RENAMELOCK_EXIT(mp: Mount): void {
  mp.op.renamelock_exit(mp);
}
