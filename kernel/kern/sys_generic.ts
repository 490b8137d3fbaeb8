/**
 * Reading, writing and ioctl on descriptors of any kind. Follows NetBSD sys/kern/sys_generic.c,
 * and vfs_syscalls.c for pread, pwrite and lseek.
 *
 * Differs  A transfer that ended because its descriptor is being closed (ERESTART) is started
 *          again here, not by the caller of the system call: it finds the descriptor closed, or,
 *          when another descriptor of the file was meant, waits a tick and goes on.
 *          Buffers are the program's own Uint8Arrays; a write also takes a string, as UTF-8.
 */

import { done, handOn, takeDone } from '../hooks.ts';
import type { Going, MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { O_ASYNC } from '../vfs/fcntl.ts';
import { iov_length, UIO_READ, UIO_WRITE, Uio, uio_single } from '../vfs/uio.ts';
import { EBADF, EINTR, EINVAL, EPIPE, ERESTART, type Errno, ESPIPE, EWOULDBLOCK } from './errno.ts';
import {
  type File,
  FIOASYNC,
  FIOCLEX,
  FIONBIO,
  FIONCLEX,
  FNONBLOCK,
  FOF_UPDATE_OFFSET,
  FREAD,
  FWRITE,
  type IoctlData,
} from './file.ts';
import type { FdFile, Filedesc } from './filedesc.ts';
import { fd_getfile, fd_putfile, fd_single } from './kern_descrip.ts';
import { fd_set_exclose } from './kern_descrip_alloc.ts';
import { fd_init } from './kern_descrip_slots.ts';
import { psignal, SIGPIPE } from './kern_sig.ts';
import { kpause } from './kern_sleepq.ts';
import { TICK_NS } from './kern_time.ts';
import type { Lwp } from './lwp.ts';

/** Vectors of one transfer: sys/syslimits.h. */
const IOV_MAX = 1024;

const encoder = new TextEncoder();

/** What a program may write. */
export type WriteData = Uint8Array | string;

function bytesOf(data: WriteData): Uint8Array {
  return typeof data === 'string' ? encoder.encode(data) : data;
}

/** read(2): the bytes read, 0 at the end. */
export function sys_read(l: Lwp, fd: number, buf: Uint8Array): MaySleep<number | Errno> {
  return transfer(l, fd, uio_single(buf, 0, UIO_READ), FOF_UPDATE_OFFSET);
}

/** write(2): the bytes written. */
export function sys_write(l: Lwp, fd: number, data: WriteData): MaySleep<number | Errno> {
  return transfer(l, fd, uio_single(bytesOf(data), 0, UIO_WRITE), FOF_UPDATE_OFFSET);
}

/** pread(2). Errors: ESPIPE, EINVAL for a negative offset. */
export function sys_pread(
  l: Lwp,
  fd: number,
  buf: Uint8Array,
  offset: number,
): MaySleep<number | Errno> {
  return transfer(l, fd, uio_single(buf, offset, UIO_READ), 0);
}

/** pwrite(2). Errors: as pread(2). */
export function sys_pwrite(
  l: Lwp,
  fd: number,
  data: WriteData,
  offset: number,
): MaySleep<number | Errno> {
  return transfer(l, fd, uio_single(bytesOf(data), offset, UIO_WRITE), 0);
}

/** readv(2). Errors: EINVAL for no vectors or too many. */
export function sys_readv(
  l: Lwp,
  fd: number,
  iov: readonly Uint8Array[],
): MaySleep<number | Errno> {
  if (iov.length === 0 || iov.length > IOV_MAX) return done(EINVAL);
  return transfer(l, fd, new Uio(iov, 0, iov_length(iov), UIO_READ), FOF_UPDATE_OFFSET);
}

/** writev(2). Errors: as readv(2). */
export function sys_writev(
  l: Lwp,
  fd: number,
  data: readonly WriteData[],
): MaySleep<number | Errno> {
  if (data.length === 0 || data.length > IOV_MAX) return done(EINVAL);
  const iov = data.map(bytesOf);
  return transfer(l, fd, new Uio(iov, 0, iov_length(iov), UIO_WRITE), FOF_UPDATE_OFFSET);
}

/** preadv(2). */
export function sys_preadv(
  l: Lwp,
  fd: number,
  iov: readonly Uint8Array[],
  offset: number,
): MaySleep<number | Errno> {
  if (iov.length === 0 || iov.length > IOV_MAX) return done(EINVAL);
  return transfer(l, fd, new Uio(iov, offset, iov_length(iov), UIO_READ), 0);
}

/** pwritev(2). */
export function sys_pwritev(
  l: Lwp,
  fd: number,
  data: readonly WriteData[],
  offset: number,
): MaySleep<number | Errno> {
  if (data.length === 0 || data.length > IOV_MAX) return done(EINVAL);
  const iov = data.map(bytesOf);
  return transfer(l, fd, new Uio(iov, offset, iov_length(iov), UIO_WRITE), 0);
}

/** One transfer: dofileread(), dofilewrite() and their relatives. Mostly it need not sleep. */
function transfer(l: Lwp, fd: number, uio: Uio, flags: number): MaySleep<number | Errno> {
  const fdp = l.proc.fd ?? fd_init(l);
  const ff = fdp.dt.ff[fd];
  if (ff === undefined) return done(EBADF);
  if (!fd_single(fdp, l)) return transfer_shared(l, fdp, ff, fd, uio, flags);
  const fp = ff.file;
  if (fp === null) return done(EBADF);
  const length = uio.resid;
  ff.refcnt.value++;
  const rest = handOn(attempt(fp, uio, flags));
  if (rest !== undefined) return transfer_rest(rest, length, fd, fp, uio, flags);
  const error = takeDone<Errno | undefined>();
  ff.refcnt.value--;
  return done(error === undefined ? length - uio.resid : failed(l, uio, length - uio.resid, error));
}

/** The end of a transfer that may sleep. */
function* transfer_rest(
  rest: Going<Errno | undefined>,
  length: number,
  fd: number,
  fp: File,
  uio: Uio,
  flags: number,
): Generator<void, number | Errno, void> {
  const error = yield* rest;
  yield* fd_putfile(fd);
  const moved = length - uio.resid;
  if (error === undefined) return moved;
  if (error !== ERESTART || moved > 0) return failed(curlwp(), uio, moved, error);
  yield* restarted(fp);
  return yield* transfer(curlwp(), fd, uio, flags);
}

/** A transfer through a descriptor that others may close meanwhile. */
function transfer_shared(
  l: Lwp,
  fdp: Filedesc,
  ff: FdFile,
  fd: number,
  uio: Uio,
  flags: number,
): MaySleep<number | Errno> {
  const length = uio.resid;
  const get = handOn(fdp.ops.getfile(fdp, ff, fd));
  if (get !== undefined) return transfer_from(get, l, fd, uio, flags);
  const fp = takeDone<File | undefined>();
  if (fp === undefined) return done(EBADF);
  const rest = handOn(attempt(fp, uio, flags));
  if (rest !== undefined) return transfer_rest(rest, length, fd, fp, uio, flags);
  const error = takeDone<Errno | undefined>();
  const put = handOn(fdp.ops.putfile(fdp, ff, fd));
  const moved = length - uio.resid;
  if (put !== undefined) return transfer_put(put, l, uio, moved, error);
  takeDone<void>();
  return done(error === undefined ? moved : failed(l, uio, moved, error));
}

/** The end of a transfer through a descriptor that somebody closes meanwhile. */
function* transfer_put(
  put: Going<void>,
  l: Lwp,
  uio: Uio,
  moved: number,
  error: Errno | undefined,
): Generator<void, number | Errno, void> {
  yield* put;
  return error === undefined ? moved : failed(l, uio, moved, error);
}

/** A transfer of which no step was done at once. */
function* transfer_from(
  get: Going<File | undefined>,
  l: Lwp,
  fd: number,
  uio: Uio,
  flags: number,
): Generator<void, number | Errno, void> {
  const length = uio.resid;
  let fp = yield* get;
  for (;;) {
    if (fp === undefined) return EBADF;
    const error = yield* attempt(fp, uio, flags);
    yield* fd_putfile(fd);
    const moved = length - uio.resid;
    if (error === undefined) return moved;
    if (error !== ERESTART || moved > 0) return failed(l, uio, moved, error);
    yield* restarted(fp);
    fp = yield* fd_getfile(fd);
  }
}

/** Checks that the file may be transferred so, and does it. */
function attempt(fp: File, uio: Uio, flags: number): MaySleep<Errno | undefined> {
  const ops = fp.ops!;
  if ((fp.flag & (uio.rw === UIO_READ ? FREAD : FWRITE)) === 0) return done(EBADF);
  if (flags === 0 && ops.seek === undefined) return done(ESPIPE);
  if (!(uio.offset >= 0 && Number.isSafeInteger(uio.offset))) return done(EINVAL);
  if (uio.rw === UIO_READ) return ops.read(fp, uio, fp.cred, flags);
  return ops.write(fp, uio, fp.cred, flags);
}

/** Some descriptor of the file is being closed: lets its closer go on. */
function* restarted(fp: File): Generator<void, void, void> {
  if (fp.closing > 0) yield* kpause('restart', 'uninterruptible', TICK_NS);
}

/** What the program sees of an error after `moved` bytes: a short count hides an interruption. */
function failed(l: Lwp, uio: Uio, moved: number, error: Errno): number | Errno {
  if (error === EPIPE && uio.rw === UIO_WRITE) psignal(l.proc, SIGPIPE);
  if (moved > 0 && (error === ERESTART || error === EINTR || error === EWOULDBLOCK)) return moved;
  return error;
}

/**
 * lseek(2): the new offset. Errors: ESPIPE, EINVAL for an unknown `whence` or a negative result.
 */
export function* sys_lseek(
  _l: Lwp,
  fd: number,
  offset: number,
  whence: number,
): Generator<void, number | Errno, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  const seek = fp.ops?.seek;
  const result = seek === undefined ? ESPIPE : yield* seek(fp, offset, whence, fp.cred);
  yield* fd_putfile(fd);
  return result;
}

/** ioctl(2): FIOCLEX, FIONCLEX, FIONBIO, FIOASYNC here, the rest is the file's. */
export function* sys_ioctl(
  _l: Lwp,
  fd: number,
  command: number,
  data: IoctlData = { value: 0 },
): Generator<void, number | Errno, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  const error = yield* ioctl(fp, fd, command, data);
  yield* fd_putfile(fd);
  return error ?? 0;
}

function ioctl(
  fp: File,
  fd: number,
  command: number,
  data: IoctlData,
): MaySleep<Errno | undefined> {
  if ((fp.flag & (FREAD | FWRITE)) === 0) return done(EBADF);
  switch (command) {
    case FIOCLEX:
    case FIONCLEX:
      fd_set_exclose(fd, command === FIOCLEX ? 'exclose' : 'keep');
      return done(undefined);
    case FIONBIO:
      fp.flag = data.value !== 0 ? fp.flag | FNONBLOCK : fp.flag & ~FNONBLOCK;
      break;
    case FIOASYNC:
      fp.flag = data.value !== 0 ? fp.flag | O_ASYNC : fp.flag & ~O_ASYNC;
      break;
  }
  return fp.ops!.ioctl(fp, command, data);
}
