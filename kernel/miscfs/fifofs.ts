/**
 * fifofs: named pipes of any file system. Follows NetBSD sys/miscfs/fifofs/fifo_vnops.c.
 *
 * A file system gives its fifo vnodes a vector of these operations and its own for attributes,
 * as for devices (specfs.ts). The pipe is made when the fifo is first opened, and goes when the
 * last of its users closes it.
 *
 * Locking  The vnode is unlocked while anybody sleeps for the other side.
 * Differs  The data go through a pipe(2)'s buffer, not through a pair of sockets.
 */

import { done } from '../hooks.ts';
import { ENXIO, type Errno, ESPIPE } from '../kern/errno.ts';
import { File, FNONBLOCK, FREAD, FWRITE } from '../kern/file.ts';
import { cv_broadcast, cv_init, cv_wait_sig, type KCondvar } from '../kern/kern_condvar.ts';
import { mutex_enter, mutex_exit } from '../kern/kern_mutex.ts';
import type { Cred } from '../kern/proc.ts';
import { Pipe, pipe_read, pipe_wakeall, pipe_write } from '../kern/sys_pipe.ts';
import type { MaySleep } from '../maysleep.ts';
import { O_NONBLOCK } from '../vfs/fcntl.ts';
import { genfs_eopnotsupp, genfs_nullop } from '../vfs/genfs_defaults.ts';
import { POLLIN, POLLOUT } from '../vfs/poll.ts';
import type { Uio } from '../vfs/uio.ts';
import { vn_lock } from '../vfs/vfs_vnops.ts';
import { IO_NDELAY, LK_EXCLUSIVE, LK_RETRY, type Vnode } from '../vfs/vnode.ts';
import { VOP_UNLOCK } from '../vfs/vnode_if.ts';

type Status = MaySleep<Errno | undefined>;

/** What an open fifo has: struct fifoinfo. Guarded by the lock of its pipe. */
export class FifoInfo {
  pipe: Pipe;
  /** Opens so far, so that a side that came and went is not missed. */
  readOpens = 0;
  writeOpens = 0;
  /** LWPs that wait in open(2) for the other side. */
  opening: KCondvar = cv_init('fifo');

  constructor() {
    this.pipe = new Pipe();
    this.pipe.readers = 0;
    this.pipe.writers = 0;
  }
}

/**
 * Waits for the other side, unless it is not to wait. Errors: ENXIO for a writer that may not wait
 * and has no reader, EINTR.
 */
function* fifo_open(vp: Vnode, mode: number): Generator<void, Errno | undefined, void> {
  const info = (vp.special as FifoInfo | null) ?? new FifoInfo();
  vp.special = info;
  const { pipe } = info;
  yield* mutex_enter(pipe.lock);
  const before = { readOpens: info.readOpens, writeOpens: info.writeOpens };
  if ((mode & FREAD) !== 0) {
    pipe.readers++;
    info.readOpens++;
  }
  if ((mode & FWRITE) !== 0) {
    pipe.writers++;
    info.writeOpens++;
  }
  cv_broadcast(info.opening);
  const error = yield* fifo_wait(vp, info, mode, before);
  if (error === undefined) mutex_exit(pipe.lock);
  else fifo_leave(vp, info, mode);
  return error;
}

function* fifo_wait(
  vp: Vnode,
  info: FifoInfo,
  mode: number,
  before: { readonly readOpens: number; readonly writeOpens: number },
): Generator<void, Errno | undefined, void> {
  const { pipe } = info;
  const alone = (): boolean =>
    ((mode & FREAD) !== 0 && pipe.writers === 0 && info.writeOpens === before.writeOpens) ||
    ((mode & FWRITE) !== 0 && pipe.readers === 0 && info.readOpens === before.readOpens);
  if (!alone()) return undefined;
  if ((mode & O_NONBLOCK) !== 0) return (mode & FWRITE) !== 0 ? ENXIO : undefined;
  VOP_UNLOCK(vp);
  let error: Errno | undefined;
  while (alone() && error === undefined) error = yield* cv_wait_sig(info.opening, pipe.lock);
  mutex_exit(pipe.lock);
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  yield* mutex_enter(pipe.lock);
  return error;
}

/** An open ends. Locks: the pipe's, given back. */
function fifo_leave(vp: Vnode, info: FifoInfo, flags: number): void {
  const { pipe } = info;
  if ((flags & FREAD) !== 0) pipe.readers--;
  if ((flags & FWRITE) !== 0) pipe.writers--;
  pipe_wakeall(pipe);
  if (pipe.readers === 0 && pipe.writers === 0 && vp.special === info) vp.special = null;
  mutex_exit(pipe.lock);
}

function* fifo_close(vp: Vnode, flags: number): Generator<void, Errno | undefined, void> {
  const info = vp.special as FifoInfo | null;
  if (info === null) return undefined;
  yield* mutex_enter(info.pipe.lock);
  fifo_leave(vp, info, flags);
  return undefined;
}

/** A pipe's file for one transfer. */
function pipeFile(vp: Vnode, ioflag: number, cred: Cred): File {
  const fp = new File(cred);
  fp.data = (vp.special as FifoInfo).pipe;
  if ((ioflag & IO_NDELAY) !== 0) fp.flag = FNONBLOCK;
  return fp;
}

function* fifo_read(
  vp: Vnode,
  uio: Uio,
  ioflag: number,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  const fp = pipeFile(vp, ioflag, cred);
  VOP_UNLOCK(vp);
  const error = yield* pipe_read(fp, uio);
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  return error;
}

function* fifo_write(
  vp: Vnode,
  uio: Uio,
  ioflag: number,
  cred: Cred,
): Generator<void, Errno | undefined, void> {
  const fp = pipeFile(vp, ioflag, cred);
  VOP_UNLOCK(vp);
  const error = yield* pipe_write(fp, uio);
  yield* vn_lock(vp, LK_EXCLUSIVE | LK_RETRY);
  return error;
}

function fifo_poll(vp: Vnode, events: number): number {
  const info = vp.special as FifoInfo | null;
  if (info === null) return 0;
  const { pipe } = info;
  let ready = 0;
  if (pipe.count > 0 || pipe.writers === 0) ready |= POLLIN;
  if (pipe.count < pipe.size || pipe.readers === 0) ready |= POLLOUT;
  return events & ready;
}

function fifo_seek(): Status {
  return done(ESPIPE);
}

/** What fifo vnodes do, whatever file system they are on. */
export const fifo_operations = {
  lookup: genfs_eopnotsupp,
  open: fifo_open,
  close: fifo_close,
  read: fifo_read,
  write: fifo_write,
  poll: fifo_poll,
  fsync: genfs_nullop,
  seek: fifo_seek,
  bmap: genfs_eopnotsupp,
};
