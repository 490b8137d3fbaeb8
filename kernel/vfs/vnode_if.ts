/**
 * Vnode operations: vnodeops(9). Follows NetBSD sys/kern/vnode_if.src.
 *
 * A file system gives a VnodeOps record, made with vnodeops({ name, …its own }): what it leaves
 * out answers EOPNOTSUPP or does what genfs does. The VOP_* functions only dispatch, and return
 * the operation's own MaySleep.
 *
 * Locking (L locked, E exclusively, U not locked; all vnodes are referenced)
 *   lookup            dvp L; gives vp U, referenced. For '.' gives dvp with one more reference.
 *   create mknod mkdir symlink
 *                     dvp E, and stays; gives vp U, referenced.
 *   open close        vp E
 *   access getattr pathconf ioctl poll readlink
 *                     vp L (ioctl, poll: U)
 *   setattr write fsync
 *                     vp E
 *   read readdir      vp L
 *   link              dvp E, and stays; vp U, and stays.
 *   remove rmdir      dvp E, and stays; vp E: the operation unlocks and releases it (vput).
 *   rename            fdvp, fvp U; tdvp E, tvp E or null (tdvp === tvp: locked once): the operation
 *                     unlocks and releases all four.
 *   inactive reclaim  vp E, and stays
 *   bmap strategy advlock seek revoke
 *                     vp U (bmap: L)
 *
 * Differs  lookup answers ENOENT for a last component that may be created, where NetBSD's answers
 *          EJUSTRETURN: namei() checks the permissions to search the directory, and to create and
 *          delete in it, once for all file systems. Results are returned, not stored through
 *          pointers; readdir fills entries, not bytes.
 */

import type { Errno } from '../kern/errno.ts';
import type { Cred } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_VNODE } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import type { Buf } from './buf.ts';
import type { DirUio } from './dirent.ts';
import { genfs_defaults, genfs_notidle } from './genfs_defaults.ts';
import type { ComponentName } from './namei.ts';
import type { Uio } from './uio.ts';
import type { AccMode, VAttr, Vnode } from './vnode.ts';

type Status = MaySleep<Errno | undefined>;

/** Where a file's block lies: VOP_BMAP. */
export interface Bmap {
  /** The device's vnode. */
  readonly vp: Vnode;
  /** Block of the device, in DEV_BSIZE; -1 for a hole. */
  readonly blkno: number;
}

/** The operations of a file system's vnodes: an operation vector. */
export interface VnodeOps {
  readonly name: string;
  lookup(dvp: Vnode, cnp: ComponentName): MaySleep<Vnode | Errno>;
  create(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno>;
  mknod(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno>;
  open(vp: Vnode, mode: number, cred: Cred): Status;
  close(vp: Vnode, fflag: number, cred: Cred): Status;
  access(vp: Vnode, accmode: AccMode, cred: Cred): Status;
  getattr(vp: Vnode, vap: VAttr, cred: Cred): Status;
  setattr(vp: Vnode, vap: VAttr, cred: Cred): Status;
  read(vp: Vnode, uio: Uio, ioflag: number, cred: Cred): Status;
  write(vp: Vnode, uio: Uio, ioflag: number, cred: Cred): Status;
  ioctl(vp: Vnode, command: number, data: unknown, fflag: number, cred: Cred): Status;
  /** The events of `events` (POLLIN…) that are true now. */
  poll(vp: Vnode, events: number): number;
  revoke(vp: Vnode): Status;
  fsync(vp: Vnode, cred: Cred, flags: number): Status;
  seek(vp: Vnode, oldOffset: number, newOffset: number, cred: Cred): Status;
  remove(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status;
  link(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status;
  rename(
    fdvp: Vnode,
    fvp: Vnode,
    fcnp: ComponentName,
    tdvp: Vnode,
    tvp: Vnode | null,
    tcnp: ComponentName,
  ): Status;
  mkdir(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno>;
  rmdir(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status;
  symlink(dvp: Vnode, cnp: ComponentName, vap: VAttr, target: string): MaySleep<Vnode | Errno>;
  readdir(vp: Vnode, uio: DirUio, cred: Cred): Status;
  readlink(vp: Vnode, cred: Cred): MaySleep<string | Errno>;
  /** Whether `inactive` would do nothing, and the file stays: then it is not called. */
  idle(vp: Vnode): boolean;
  /** The last user left; true when the file is gone and its vnode may be recycled at once. */
  inactive(vp: Vnode): MaySleep<boolean>;
  /** The vnode is about to be freed: let go of `data`. */
  reclaim(vp: Vnode): Status;
  lock(vp: Vnode, flags: number): Status;
  unlock(vp: Vnode): void;
  bmap(vp: Vnode, block: number): MaySleep<Bmap | Errno>;
  strategy(vp: Vnode, bp: Buf): Status;
  pathconf(vp: Vnode, name: number): MaySleep<number | Errno>;
  advlock(vp: Vnode, id: unknown, op: number, lock: unknown, flags: number): Status;
}

/** Makes an operation vector: the given operations, and genfs's for the rest. */
export function vnodeops(own: Partial<VnodeOps> & { readonly name: string }): VnodeOps {
  const idle = own.idle ?? (own.inactive === undefined ? genfs_defaults.idle : genfs_notidle);
  return { ...genfs_defaults, ...own, idle };
}

/** Notes an operation in the trace. */
function traced(operation: string, vp: Vnode, name: string): void {
  trace(EV_VNODE, traceString(operation), vp.id, traceString(name));
}

export function VOP_LOOKUP(dvp: Vnode, cnp: ComponentName): MaySleep<Vnode | Errno> {
  if (tracing()) traced('lookup', dvp, cnp.name);
  return dvp.op.lookup(dvp, cnp);
}

export function VOP_CREATE(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno> {
  if (tracing()) traced('create', dvp, cnp.name);
  return dvp.op.create(dvp, cnp, vap);
}

export function VOP_MKNOD(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno> {
  if (tracing()) traced('mknod', dvp, cnp.name);
  return dvp.op.mknod(dvp, cnp, vap);
}

export function VOP_OPEN(vp: Vnode, mode: number, cred: Cred): Status {
  if (tracing()) traced('open', vp, '');
  return vp.op.open(vp, mode, cred);
}

export function VOP_CLOSE(vp: Vnode, fflag: number, cred: Cred): Status {
  if (tracing()) traced('close', vp, '');
  return vp.op.close(vp, fflag, cred);
}

export function VOP_ACCESS(vp: Vnode, accmode: AccMode, cred: Cred): Status {
  return vp.op.access(vp, accmode, cred);
}

export function VOP_GETATTR(vp: Vnode, vap: VAttr, cred: Cred): Status {
  return vp.op.getattr(vp, vap, cred);
}

export function VOP_SETATTR(vp: Vnode, vap: VAttr, cred: Cred): Status {
  if (tracing()) traced('setattr', vp, '');
  return vp.op.setattr(vp, vap, cred);
}

export function VOP_READ(vp: Vnode, uio: Uio, ioflag: number, cred: Cred): Status {
  if (tracing()) traced('read', vp, '');
  return vp.op.read(vp, uio, ioflag, cred);
}

export function VOP_WRITE(vp: Vnode, uio: Uio, ioflag: number, cred: Cred): Status {
  if (tracing()) traced('write', vp, '');
  return vp.op.write(vp, uio, ioflag, cred);
}

export function VOP_IOCTL(
  vp: Vnode,
  command: number,
  data: unknown,
  fflag: number,
  cred: Cred,
): Status {
  return vp.op.ioctl(vp, command, data, fflag, cred);
}

export function VOP_POLL(vp: Vnode, events: number): number {
  return vp.op.poll(vp, events);
}

export function VOP_REVOKE(vp: Vnode): Status {
  return vp.op.revoke(vp);
}

export function VOP_FSYNC(vp: Vnode, cred: Cred, flags: number): Status {
  if (tracing()) traced('fsync', vp, '');
  return vp.op.fsync(vp, cred, flags);
}

export function VOP_SEEK(vp: Vnode, oldOffset: number, newOffset: number, cred: Cred): Status {
  return vp.op.seek(vp, oldOffset, newOffset, cred);
}

export function VOP_REMOVE(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status {
  if (tracing()) traced('remove', dvp, cnp.name);
  return dvp.op.remove(dvp, vp, cnp);
}

export function VOP_LINK(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status {
  if (tracing()) traced('link', dvp, cnp.name);
  return dvp.op.link(dvp, vp, cnp);
}

export function VOP_RENAME(
  fdvp: Vnode,
  fvp: Vnode,
  fcnp: ComponentName,
  tdvp: Vnode,
  tvp: Vnode | null,
  tcnp: ComponentName,
): Status {
  if (tracing()) traced('rename', fdvp, fcnp.name);
  return fdvp.op.rename(fdvp, fvp, fcnp, tdvp, tvp, tcnp);
}

export function VOP_MKDIR(dvp: Vnode, cnp: ComponentName, vap: VAttr): MaySleep<Vnode | Errno> {
  if (tracing()) traced('mkdir', dvp, cnp.name);
  return dvp.op.mkdir(dvp, cnp, vap);
}

export function VOP_RMDIR(dvp: Vnode, vp: Vnode, cnp: ComponentName): Status {
  if (tracing()) traced('rmdir', dvp, cnp.name);
  return dvp.op.rmdir(dvp, vp, cnp);
}

export function VOP_SYMLINK(
  dvp: Vnode,
  cnp: ComponentName,
  vap: VAttr,
  target: string,
): MaySleep<Vnode | Errno> {
  if (tracing()) traced('symlink', dvp, cnp.name);
  return dvp.op.symlink(dvp, cnp, vap, target);
}

export function VOP_READDIR(vp: Vnode, uio: DirUio, cred: Cred): Status {
  if (tracing()) traced('readdir', vp, '');
  return vp.op.readdir(vp, uio, cred);
}

export function VOP_READLINK(vp: Vnode, cred: Cred): MaySleep<string | Errno> {
  return vp.op.readlink(vp, cred);
}

export function VOP_INACTIVE(vp: Vnode): MaySleep<boolean> {
  if (tracing()) traced('inactive', vp, '');
  return vp.op.inactive(vp);
}

export function VOP_RECLAIM(vp: Vnode): Status {
  if (tracing()) traced('reclaim', vp, '');
  return vp.op.reclaim(vp);
}

export function VOP_LOCK(vp: Vnode, flags: number): Status {
  return vp.op.lock(vp, flags);
}

export function VOP_UNLOCK(vp: Vnode): void {
  vp.op.unlock(vp);
}

export function VOP_BMAP(vp: Vnode, block: number): MaySleep<Bmap | Errno> {
  return vp.op.bmap(vp, block);
}

export function VOP_STRATEGY(vp: Vnode, bp: Buf): Status {
  return vp.op.strategy(vp, bp);
}

export function VOP_PATHCONF(vp: Vnode, name: number): MaySleep<number | Errno> {
  return vp.op.pathconf(vp, name);
}

export function VOP_ADVLOCK(
  vp: Vnode,
  id: unknown,
  op: number,
  lock: unknown,
  flags: number,
): Status {
  return vp.op.advlock(vp, id, op, lock, flags);
}
