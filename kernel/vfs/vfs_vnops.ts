/**
 * Vnodes as open files, and locking them: vnode(9). Follows NetBSD sys/kern/vfs_vnops.c.
 *
 * Locking  vn_read and vn_write lock the vnode shared and exclusively; with FOF_UPDATE_OFFSET
 *          always exclusively, as that also guards the file's offset.
 */

import { done, handOn, hooks, takeDone } from '../hooks.ts';
import { EINVAL, ENOENT, EISDIR, type Errno, ESPIPE, EROFS } from '../kern/errno.ts';
import {
  FAPPEND,
  type File,
  type FileOps,
  FNONBLOCK,
  FOF_UPDATE_OFFSET,
  FWRITE,
  type IoctlData,
} from '../kern/file.ts';
import { RW_READER, RW_WRITER, rw_exit, rw_op, rw_tryenter } from '../kern/kern_rwlock.ts';
import { mi_switch } from '../kern/kern_sleepq.ts';
import type { Cred } from '../kern/proc.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { OP_LOCK } from '../world/op.ts';
import { O_DSYNC, O_SYNC, SEEK_CUR, SEEK_END, SEEK_SET } from './fcntl.ts';
import { MNT_RDONLY } from './mount.ts';
import { Stat, vttoif } from './stat.ts';
import { type Uio, UIO_WRITE } from './uio.ts';
import { vrele } from './vfs_vnode.ts';
import {
  IO_APPEND,
  IO_NDELAY,
  IO_SYNC,
  IO_UNIT,
  LK_EXCLUSIVE,
  LK_NOWAIT,
  LK_RETRY,
  LK_SHARED,
  VAttr,
  VBLK,
  VCHR,
  VDIR,
  VFIFO,
  VNOVAL,
  VREG,
  VLNK,
  type Vnode,
  VS_RECLAIMED,
} from './vnode.ts';
import {
  VOP_CLOSE,
  VOP_GETATTR,
  VOP_IOCTL,
  VOP_LOCK,
  VOP_READ,
  VOP_SEEK,
  VOP_UNLOCK,
  VOP_WRITE,
} from './vnode_if.ts';
import { genfs_lock } from './genfs_defaults.ts';

type Status = MaySleep<Errno | undefined>;

/**
 * vn_lock(9): locks a referenced vnode, LK_SHARED or LK_EXCLUSIVE. Errors: ENOENT when its file
 * was taken away (not with LK_RETRY), EBUSY with LK_NOWAIT.
 */
export function vn_lock(vp: Vnode, flags: number): Status {
  if (vp.op.lock !== genfs_lock || (flags & LK_NOWAIT) !== 0) return vn_lock_wait(vp, flags);
  const op = (flags & LK_SHARED) !== 0 ? RW_READER : RW_WRITER;
  if (hooks.point(rw_op(op), vp.lock) || !rw_tryenter(vp.lock, op)) return vn_lock_wait(vp, flags);
  if (vp.state !== VS_RECLAIMED || (flags & LK_RETRY) !== 0) return done(undefined);
  rw_exit(vp.lock);
  return done(ENOENT);
}

/**
 * vn_lock() if that needs no generator, for plain functions. Passes a scheduling point; after false
 * the caller gives way if hooks.takeYield(), and locks the vnode in a generator.
 */
export function vn_lock_now(vp: Vnode, flags: number): boolean {
  if (vp.op.lock !== genfs_lock || vp.state === VS_RECLAIMED) return false;
  if (hooks.point(rw_op((flags & LK_SHARED) !== 0 ? RW_READER : RW_WRITER), vp.lock)) return false;
  return rw_tryenter(vp.lock, (flags & LK_SHARED) !== 0 ? RW_READER : RW_WRITER);
}

function* vn_lock_wait(vp: Vnode, flags: number): Generator<void, Errno | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  KASSERT(vp.usecount > 0 || vp.holdcnt > 0, `vnode ${vp.id} is locked, but nobody uses it`);
  const error = yield* VOP_LOCK(vp, flags);
  if (error !== undefined) return error;
  if (vp.state !== VS_RECLAIMED || (flags & LK_RETRY) !== 0) return undefined;
  VOP_UNLOCK(vp);
  return ENOENT;
}

/** Whether the vnode may be opened for writing. Locks: vp locked. Errors: EROFS. */
export function vn_writechk(vp: Vnode): Errno | undefined {
  const ordinary = vp.type === VREG || vp.type === VDIR || vp.type === VLNK;
  return ordinary && (vp.mount.flag & MNT_RDONLY) !== 0 ? EROFS : undefined;
}

/** vn_close(9): the end of what vn_open() began; gives the reference back. */
export function vn_close(vp: Vnode, flags: number, cred: Cred): Status {
  if (!vn_lock_now(vp, LK_EXCLUSIVE)) return vn_close_wait(vp, flags, cred);
  if ((flags & FWRITE) !== 0) writer_leaves(vp);
  const close = handOn(VOP_CLOSE(vp, flags, cred));
  if (close !== undefined) return vn_close_rest(close, vp);
  const error = takeDone<Errno | undefined>();
  VOP_UNLOCK(vp);
  return error === undefined ? vrele(vp) : vn_close_failed(vp, error);
}

function writer_leaves(vp: Vnode): void {
  KASSERT(vp.writecount > 0, `vnode ${vp.id} has fewer writers than were opened`);
  vp.writecount--;
}

/** vn_close() that waits for the lock first. */
function* vn_close_wait(
  vp: Vnode,
  flags: number,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  if ((flags & FWRITE) !== 0) writer_leaves(vp);
  const error = yield* VOP_CLOSE(vp, flags, cred);
  VOP_UNLOCK(vp);
  yield* vrele(vp);
  return error;
}

function* vn_close_rest(
  close: Going<Errno | undefined>,
  vp: Vnode,
): Generator<void, Errno | undefined, void> {
  const error = yield* close;
  VOP_UNLOCK(vp);
  yield* vrele(vp);
  return error;
}

function* vn_close_failed(vp: Vnode, error: Errno): Generator<void, Errno, void> {
  yield* vrele(vp);
  return error;
}

/** vn_rdwr(9), as one call on a uio: for kernel code that reads or writes a file. */
export function* vn_rdwr(
  vp: Vnode,
  uio: Uio,
  ioflag: number,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  const write = uio.rw !== 0;
  const locked = yield* vn_lock(vp, write ? LK_EXCLUSIVE : LK_SHARED);
  if (locked !== undefined) return locked;
  const error = write
    ? yield* VOP_WRITE(vp, uio, ioflag, cred)
    : yield* VOP_READ(vp, uio, ioflag, cred);
  VOP_UNLOCK(vp);
  return error;
}

/** The flags for VOP_READ and VOP_WRITE of an open file. */
function io_flags(fp: File): number {
  let ioflag = IO_UNIT;
  if ((fp.flag & FNONBLOCK) !== 0) ioflag |= IO_NDELAY;
  if ((fp.flag & (O_SYNC | O_DSYNC)) !== 0) ioflag |= IO_SYNC;
  return ioflag;
}

/** Reads with the vnode locked. A free lock and a file system that need not sleep: no generator. */
function vn_read(fp: File, uio: Uio, cred: Cred, flags: number): Status {
  const vp = fp.data as Vnode;
  const update = (flags & FOF_UPDATE_OFFSET) !== 0;
  if (vp.type === VDIR || (!update && vp.type === VFIFO))
    return done(vp.type === VDIR ? EISDIR : ESPIPE);
  const op = update ? RW_WRITER : RW_READER;
  if (vp.op.lock !== genfs_lock || hooks.point(rw_op(op), vp.lock) || !rw_tryenter(vp.lock, op)) {
    return vn_rw_wait(fp, uio, cred, flags);
  }
  if (update) uio.offset = fp.offset;
  const rest = handOn(VOP_READ(vp, uio, io_flags(fp), cred));
  if (rest !== undefined) return vn_rw_rest(rest, fp, uio, flags);
  const error = takeDone<Errno | undefined>();
  if (update) fp.offset = uio.offset;
  VOP_UNLOCK(vp);
  return done(error);
}

/** Writes with the vnode locked exclusively. */
function vn_write(fp: File, uio: Uio, cred: Cred, flags: number): Status {
  const vp = fp.data as Vnode;
  const update = (flags & FOF_UPDATE_OFFSET) !== 0;
  if (!update && vp.type === VFIFO) return done(ESPIPE);
  if (
    vp.op.lock !== genfs_lock ||
    hooks.point(OP_LOCK, vp.lock) ||
    !rw_tryenter(vp.lock, RW_WRITER)
  ) {
    return vn_rw_wait(fp, uio, cred, flags);
  }
  if (update) uio.offset = fp.offset;
  const rest = handOn(VOP_WRITE(vp, uio, write_flags(fp), cred));
  if (rest !== undefined) return vn_rw_rest(rest, fp, uio, flags);
  const error = takeDone<Errno | undefined>();
  if (update) fp.offset = uio.offset;
  VOP_UNLOCK(vp);
  return done(error);
}

function write_flags(fp: File): number {
  return (fp.flag & FAPPEND) !== 0 ? io_flags(fp) | IO_APPEND : io_flags(fp);
}

/** A transfer that waits for the lock first. */
function* vn_rw_wait(
  fp: File,
  uio: Uio,
  cred: Cred,
  flags: number,
): Generator<void, Errno | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  const vp = fp.data as Vnode;
  const update = (flags & FOF_UPDATE_OFFSET) !== 0;
  const alone = update || uio.rw === UIO_WRITE;
  void (yield* VOP_LOCK(vp, (alone ? LK_EXCLUSIVE : LK_SHARED) | LK_RETRY));
  if (update) uio.offset = fp.offset;
  const error =
    uio.rw === UIO_WRITE
      ? yield* VOP_WRITE(vp, uio, write_flags(fp), cred)
      : yield* VOP_READ(vp, uio, io_flags(fp), cred);
  if (update) fp.offset = uio.offset;
  VOP_UNLOCK(vp);
  return error;
}

/** The end of a transfer that may sleep with the vnode locked. */
function* vn_rw_rest(
  rest: Going<Errno | undefined>,
  fp: File,
  uio: Uio,
  flags: number,
): Generator<void, Errno | undefined, void> {
  const error = yield* rest;
  if ((flags & FOF_UPDATE_OFFSET) !== 0) fp.offset = uio.offset;
  VOP_UNLOCK(fp.data as Vnode);
  return error;
}

/** vn_stat(9). Locks: vp locked. */
export function* vn_stat(vp: Vnode, cred: Cred): Generator<void, Stat | Errno, void> {
  const va = new VAttr();
  const error = yield* VOP_GETATTR(vp, va, cred);
  return error ?? vattr_to_stat(va);
}

/** A file's attributes as stat(2) tells them. What is only copied is copied in one statement. */
export function vattr_to_stat(va: VAttr): Stat {
  const st = new Stat();
  ({ fsid: st.dev, fileid: st.ino, nlink: st.nlink, uid: st.uid, gid: st.gid, size: st.size } = va);
  ({ blocksize: st.blksize, atime: st.atime, mtime: st.mtime, ctime: st.ctime } = va);
  st.mode = va.mode | vttoif(va.type);
  if (va.type === VCHR || va.type === VBLK) st.rdev = va.rdev;
  st.blocks = Math.ceil(va.bytes / 512);
  st.birthtime = va.birthtime === VNOVAL ? va.ctime : va.birthtime;
  if (va.flags !== VNOVAL) st.flags = va.flags;
  if (va.gen !== VNOVAL) st.gen = va.gen;
  return st;
}

function* vn_statfile(fp: File): Generator<void, Stat | Errno, void> {
  const vp = fp.data as Vnode;
  yield* vn_lock(vp, LK_SHARED | LK_RETRY);
  const st = yield* vn_stat(vp, curlwp().proc.cred);
  VOP_UNLOCK(vp);
  return st;
}

/** FIONREAD of a regular file is what is left to read; other requests are the file system's. */
const FIONREAD = 0x4004667f;

function* vn_ioctl(
  fp: File,
  command: number,
  data: IoctlData,
): Generator<void, Errno | undefined, void> {
  const vp = fp.data as Vnode;
  const cred = curlwp().proc.cred;
  if (command !== FIONREAD || vp.type !== VREG) {
    return yield* VOP_IOCTL(vp, command, data, fp.flag, cred);
  }
  const st = yield* vn_statfile(fp);
  if (!(st instanceof Stat)) return st;
  data.value = st.size - fp.offset;
  return undefined;
}

function vn_fcntl(): Status {
  return done(undefined);
}

function vn_closefile(fp: File): Status {
  return vn_close(fp.data as Vnode, fp.flag, fp.cred);
}

function vn_restart(): MaySleep<void> {
  return done(undefined);
}

/** lseek(2) of a vnode. Errors: EINVAL, and what VOP_SEEK answers (ESPIPE for a fifo). */
function* vn_seek(
  fp: File,
  delta: number,
  whence: number,
  cred: Cred,
): Generator<void, number | Errno, void> {
  const vp = fp.data as Vnode;
  if (whence !== SEEK_SET && whence !== SEEK_CUR && whence !== SEEK_END) return EINVAL;
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  let base = whence === SEEK_CUR ? fp.offset : 0;
  if (whence === SEEK_END) {
    const va = new VAttr();
    const error = yield* VOP_GETATTR(vp, va, cred);
    if (error !== undefined) {
      VOP_UNLOCK(vp);
      return error;
    }
    base = va.size;
  }
  const offset = base + delta;
  const error = yield* VOP_SEEK(vp, fp.offset, offset, cred);
  if (error === undefined) fp.offset = offset;
  VOP_UNLOCK(vp);
  return error ?? offset;
}

/** The operations of open vnodes. */
export const vnops: FileOps = {
  name: 'vnode',
  read: vn_read,
  write: vn_write,
  ioctl: vn_ioctl,
  fcntl: vn_fcntl,
  stat: vn_statfile,
  close: vn_closefile,
  restart: vn_restart,
  seek: vn_seek,
};
