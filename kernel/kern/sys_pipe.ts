/**
 * Pipes: pipe(2). Follows NetBSD sys/kern/sys_pipe.c.
 *
 * A Pipe is a circular buffer with a writing and a reading end. It starts with PIPE_SIZE bytes and
 * takes BIG_PIPE_SIZE when it is empty and a larger write comes. fifofs uses it too.
 *
 * Atomic   A write of at most PIPE_BUF bytes goes in as one piece; larger ones may be mixed with
 *          those of other writers wherever they have to wait.
 * Locking  `lock` guards all of it. Reading and writing sleep in `rcv` and `wcv`. A transfer that
 *          need not sleep is one step, for which the lock only has to be free.
 * Differs  One record for both ends. No page loans and no long-term I/O lock: uiomove() cannot
 *          sleep here, so `lock` is held across it. A reader wakes writers for any room it makes.
 */

import { publishes } from '../accesses.ts';
import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { FFLAGS, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY } from '../vfs/fcntl.ts';
import { S_IFIFO, S_IRUSR, S_IWUSR, Stat } from '../vfs/stat.ts';
import { type Uio, uiomove } from '../vfs/uio.ts';
import { curkernel } from '../world/current.ts';
import { FAULT_IO, fault } from '../world/fault.ts';
import { OP_LOCK } from '../world/op.ts';
import { EAGAIN, EINVAL, ENOTTY, EPIPE, ERESTART, type Errno, isErrno } from './errno.ts';
import {
  DTYPE_PIPE,
  type File,
  type FileOps,
  FIOASYNC,
  FIONBIO,
  FIONREAD,
  FNONBLOCK,
  FREAD,
  type IoctlData,
} from './file.ts';
import { cv_broadcast, cv_init, cv_wait_sig, type KCondvar } from './kern_condvar.ts';
import { fd_abort, fd_affix, fd_allocfile, fd_set_exclose } from './kern_descrip_alloc.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from './kern_mutex.ts';
import { mi_switch } from './kern_sleepq.ts';
import { getnanotime } from './kern_time.ts';
import type { Lwp } from './lwp.ts';
import { lockdebug_passed } from './subr_lockdebug.ts';
import { KASSERT } from './subr_prf.ts';

/** Bytes of a buffer, and of one that had to grow: sys/sys/pipe.h. */
export const PIPE_SIZE = 16384;
export const BIG_PIPE_SIZE = 65536;
/** Largest write that is atomic, bytes: sys/syslimits.h. */
export const PIPE_BUF = 512;

export class Pipe {
  lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'pipe');
  /** Made by the first write. */
  buffer: Uint8Array | null = null;
  size = PIPE_SIZE;
  /** Bytes in the buffer, and where the first of them is. */
  count = 0;
  out = 0;
  /** Open ends. */
  readers = 1;
  writers = 1;
  /** Readers wait here for bytes, writers for room. */
  rcv: KCondvar = cv_init('pipe_rd');
  wcv: KCondvar = cv_init('pipe_wr');
  /** Times, ns since 1970. */
  atime = 0;
  mtime = 0;
  birthtime = 0;
}

// NetBSD: pipe_lock, which is passed over here where a plain function does all there is to do.
publishes(Pipe, 'buffer[]', 'size', 'count', 'out', 'readers', 'writers', 'atime', 'mtime');

/** pipe(2): the reading and the writing descriptor. Errors: EMFILE, ENFILE. */
export function sys_pipe(l: Lwp): MaySleep<readonly [number, number] | Errno> {
  return sys_pipe2(l, 0);
}

/** pipe2(2), with O_CLOEXEC and O_NONBLOCK. */
export function* sys_pipe2(
  _l: Lwp,
  flags: number,
): Generator<void, readonly [number, number] | Errno, void> {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return EINVAL;
  const reading = yield* fd_allocfile();
  if (isErrno(reading)) return reading;
  const writing = yield* fd_allocfile();
  if (isErrno(writing)) {
    yield* fd_abort(reading.fp, reading.fd);
    return writing;
  }
  const pipe = new Pipe();
  pipe.atime = pipe.mtime = pipe.birthtime = getnanotime();
  for (const { fp, fd } of [reading, writing]) {
    const access = fp === reading.fp ? O_RDONLY : O_WRONLY;
    fp.flag = FFLAGS(access | (flags & O_NONBLOCK));
    fp.type = DTYPE_PIPE;
    fp.ops = pipeops;
    fp.data = pipe;
    fd_set_exclose(fd, (flags & O_CLOEXEC) !== 0 ? 'exclose' : 'keep');
  }
  yield* fd_affix(reading.fp, reading.fd);
  yield* fd_affix(writing.fp, writing.fd);
  return [reading.fd, writing.fd];
}

/** Reads what is there, at least a byte; nothing when no writer is left. Errors: EAGAIN, EINTR. */
export function pipe_read(fp: File, uio: Uio): MaySleep<Errno | undefined> {
  const pipe = fp.data as Pipe;
  if (uio.resid === 0) return done(undefined);
  if (hooks.point(OP_LOCK, pipe.lock) || pipe.lock.owner !== null || pipe.count === 0) {
    return pipe_read_wait(fp, pipe, uio);
  }
  lockdebug_passed(pipe.lock);
  pipe_take(pipe, uio);
  return done(undefined);
}

function* pipe_read_wait(fp: File, pipe: Pipe, uio: Uio): Generator<void, Errno | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  yield* mutex_enter(pipe.lock);
  let error: Errno | undefined;
  while (pipe.count === 0 && pipe.writers > 0 && error === undefined) {
    error = maySleep(fp) ?? (yield* cv_wait_sig(pipe.rcv, pipe.lock));
  }
  if (pipe.count > 0) {
    error = undefined;
    pipe_take(pipe, uio);
  }
  mutex_exit(pipe.lock);
  return error;
}

/** What forbids to sleep in this file: EAGAIN, or ERESTART while a descriptor of it is closed. */
function maySleep(fp: File): Errno | undefined {
  if ((fp.flag & FNONBLOCK) !== 0) return EAGAIN;
  return fp.closing > 0 ? ERESTART : undefined;
}

/** Bytes that a read gets: what it asks for, unless it is to be a short one (FAULT_IO). */
function pipe_most(pipe: Pipe, uio: Uio): number {
  const most = Math.min(pipe.count, uio.resid);
  const k = curkernel();
  if (k.config.faults === 0 || most < 2) return uio.resid;
  return fault(k, FAULT_IO, 1) === 0 ? uio.resid : most >> 1;
}

/** Moves bytes from the buffer to the reader, and wakes writers. */
function pipe_take(pipe: Pipe, uio: Uio): void {
  const buffer = pipe.buffer!;
  const left = uio.resid - pipe_most(pipe, uio);
  while (uio.resid > left && pipe.count > 0) {
    const n = Math.min(pipe.size - pipe.out, pipe.count, uio.resid - left);
    uiomove(buffer, pipe.out, n, uio);
    pipe.count -= n;
    pipe.out = pipe.count === 0 ? 0 : (pipe.out + n) % pipe.size;
  }
  pipe.atime = getnanotime();
  if (pipe.wcv.waiters.length > 0) cv_broadcast(pipe.wcv);
}

/** Writes all of it, waiting for room as needed. Errors: EPIPE, EAGAIN, EINTR. */
export function pipe_write(fp: File, uio: Uio): MaySleep<Errno | undefined> {
  const pipe = fp.data as Pipe;
  const room = pipe.buffer === null ? 0 : pipe.size - pipe.count;
  if (
    hooks.point(OP_LOCK, pipe.lock) ||
    pipe.lock.owner !== null ||
    room < uio.resid ||
    pipe.readers === 0
  ) {
    return pipe_write_wait(fp, pipe, uio);
  }
  lockdebug_passed(pipe.lock);
  pipe_put(pipe, uio);
  return done(undefined);
}

function* pipe_write_wait(
  fp: File,
  pipe: Pipe,
  uio: Uio,
): Generator<void, Errno | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  yield* mutex_enter(pipe.lock);
  const atomic = uio.resid <= PIPE_BUF;
  let error = pipe.readers === 0 ? EPIPE : undefined;
  if (error === undefined) pipespace(pipe, uio.resid);
  while (uio.resid > 0 && error === undefined) {
    const room = pipe.size - pipe.count;
    if (room > 0 && (!atomic || room >= uio.resid)) pipe_put(pipe, uio);
    else error = maySleep(fp) ?? (yield* cv_wait_sig(pipe.wcv, pipe.lock));
    if (pipe.readers === 0 && uio.resid > 0) error = EPIPE;
  }
  mutex_exit(pipe.lock);
  return error;
}

/** Makes the buffer, or a larger one for a large write while it is empty. */
function pipespace(pipe: Pipe, wanted: number): void {
  if (wanted > PIPE_SIZE && pipe.count === 0) pipe.size = BIG_PIPE_SIZE;
  if (pipe.buffer?.length === pipe.size) return;
  KASSERT(pipe.count === 0, 'a pipe with bytes in it changes its buffer');
  pipe.buffer = new Uint8Array(pipe.size);
  pipe.out = 0;
}

/** Moves bytes from the writer to the buffer, and wakes readers. */
function pipe_put(pipe: Pipe, uio: Uio): void {
  const buffer = pipe.buffer!;
  while (uio.resid > 0 && pipe.count < pipe.size) {
    const at = (pipe.out + pipe.count) % pipe.size;
    const n = Math.min(pipe.size - at, pipe.size - pipe.count, uio.resid);
    uiomove(buffer, at, n, uio);
    pipe.count += n;
  }
  pipe.mtime = getnanotime();
  if (pipe.rcv.waiters.length > 0) cv_broadcast(pipe.rcv);
}

function* pipe_ioctl(
  fp: File,
  command: number,
  data: IoctlData,
): Generator<void, Errno | undefined, void> {
  const pipe = fp.data as Pipe;
  switch (command) {
    case FIONBIO:
    case FIOASYNC:
      return undefined;
    case FIONREAD:
      yield* mutex_enter(pipe.lock);
      data.value = pipe.count;
      mutex_exit(pipe.lock);
      return undefined;
    default:
      return ENOTTY;
  }
}

function pipe_fcntl(): MaySleep<undefined> {
  return done(undefined);
}

function* pipe_stat(fp: File): Generator<void, Stat, void> {
  const pipe = fp.data as Pipe;
  const st = new Stat();
  yield* mutex_enter(pipe.lock);
  st.mode = S_IFIFO | S_IRUSR | S_IWUSR;
  st.nlink = 1;
  st.uid = fp.cred.euid;
  st.gid = fp.cred.egid;
  st.size = pipe.count;
  st.blksize = pipe.size;
  st.blocks = pipe.count > 0 ? 1 : 0;
  st.atime = pipe.atime;
  st.mtime = pipe.mtime;
  st.ctime = pipe.mtime;
  st.birthtime = pipe.birthtime;
  mutex_exit(pipe.lock);
  return st;
}

/** An end goes away: the other side finds the end of the file, or EPIPE. */
function* pipe_close(fp: File): Generator<void, Errno | undefined, void> {
  const pipe = fp.data as Pipe;
  yield* mutex_enter(pipe.lock);
  if ((fp.flag & FREAD) !== 0) pipe.readers--;
  else pipe.writers--;
  pipe_wakeall(pipe);
  mutex_exit(pipe.lock);
  return undefined;
}

function* pipe_restart(fp: File): Generator<void, void, void> {
  const pipe = fp.data as Pipe;
  yield* mutex_enter(pipe.lock);
  pipe_wakeall(pipe);
  mutex_exit(pipe.lock);
}

/** Makes every sleeper look at the pipe again. */
export function pipe_wakeall(pipe: Pipe): void {
  cv_broadcast(pipe.rcv);
  cv_broadcast(pipe.wcv);
}

export const pipeops: FileOps = {
  name: 'pipe',
  read: pipe_read,
  write: pipe_write,
  ioctl: pipe_ioctl,
  fcntl: pipe_fcntl,
  stat: pipe_stat,
  close: pipe_close,
  restart: pipe_restart,
};
