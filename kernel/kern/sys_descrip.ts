/**
 * System calls on descriptors. Follows NetBSD sys/kern/sys_descrip.c.
 *
 * Differs  No record locks yet: F_GETLK and F_SETLK answer EINVAL, as any unknown command.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { FFLAGS, O_CLOEXEC, O_NONBLOCK, OFLAGS } from '../vfs/fcntl.ts';
import type { Stat } from '../vfs/stat.ts';
import { curlwp } from '../world/current.ts';
import { EBADF, EINVAL, type Errno, isErrno } from './errno.ts';
import {
  F_CLOSEM,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_MAXFD,
  F_SETFD,
  F_SETFL,
  FCNTLFLAGS,
  FD_CLOEXEC,
} from './fcntl.ts';
import { type File, FNONBLOCK } from './file.ts';
import { fd_close, fd_getfile, fd_putfile, fd_single } from './kern_descrip.ts';
import { fd_dup, fd_dup2, fd_set_exclose } from './kern_descrip_alloc.ts';
import { curfiledesc } from './kern_descrip_slots.ts';
import type { Lwp } from './lwp.ts';

/** close(2). Errors: EBADF, and what the file says. */
export function sys_close(l: Lwp, fd: number): MaySleep<Errno | undefined> {
  const fdp = curfiledesc(l);
  if (!fd_single(fdp, l)) return close_shared(fd);
  const ff = fdp.dt.ff[fd];
  if (ff === undefined || ff.file === null) return done(EBADF);
  ff.refcnt.value++;
  return fd_close(fd);
}

function* close_shared(fd: number): Generator<void, Errno | undefined, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  return yield* fd_close(fd);
}

/** dup(2): the lowest free descriptor. Errors: EBADF, EMFILE. */
export function* sys_dup(_l: Lwp, fd: number): Generator<void, number | Errno, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  const newfd = yield* fd_dup(fp, 0, 'keep');
  yield* fd_putfile(fd);
  return newfd;
}

/** dup2(2): gives `to`. Errors: EBADF. */
export function sys_dup2(l: Lwp, from: number, to: number): MaySleep<number | Errno> {
  return dodup(l, from, to, 0);
}

/** dup3(2), with O_CLOEXEC and O_NONBLOCK; as in NetBSD, equal descriptors are fine. */
export function sys_dup3(
  l: Lwp,
  from: number,
  to: number,
  flags: number,
): MaySleep<number | Errno> {
  return dodup(l, from, to, flags);
}

function* dodup(
  l: Lwp,
  from: number,
  to: number,
  flags: number,
): Generator<void, number | Errno, void> {
  const fp = yield* fd_getfile(from);
  if (fp === undefined) return EBADF;
  const error = yield* dodup_file(l, fp, from, to, flags);
  yield* fd_putfile(from);
  return error ?? to;
}

function* dodup_file(
  l: Lwp,
  fp: File,
  from: number,
  to: number,
  flags: number,
): Generator<void, Errno | undefined, void> {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) !== 0) return EINVAL;
  if (!isDescriptor(l, to)) return EBADF;
  if (from === to) return undefined;
  const exclose = (flags & O_CLOEXEC) !== 0 ? 'exclose' : 'keep';
  return yield* fd_dup2(fp, to, exclose, flags & FNONBLOCK);
}

/** Whether the process may have a descriptor of this number. */
function isDescriptor(l: Lwp, fd: number): boolean {
  const files = l.kernel.files!;
  return Number.isInteger(fd) && fd >= 0 && fd < files.nofile && fd < files.maxfiles;
}

/** fcntl(2). Errors: EBADF, EINVAL for what is unknown, EMFILE. */
export function* sys_fcntl(
  l: Lwp,
  fd: number,
  command: number,
  arg = 0,
): Generator<void, number | Errno, void> {
  if (command === F_CLOSEM) return yield* fcntl_closem(fd);
  if (command === F_MAXFD) return curfiledesc(l).lastfile;
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  const result = yield* fcntl_file(l, fp, fd, command, arg);
  yield* fd_putfile(fd);
  return result;
}

function* fcntl_file(
  l: Lwp,
  fp: File,
  fd: number,
  command: number,
  arg: number,
): Generator<void, number | Errno, void> {
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      if (!isDescriptor(l, arg)) return EINVAL;
      return yield* fd_dup(fp, arg, command === F_DUPFD ? 'keep' : 'exclose');
    case F_GETFD:
      return curfiledesc(l).dt.ff[fd]!.exclose ? FD_CLOEXEC : 0;
    case F_SETFD:
      fd_set_exclose(fd, (arg & FD_CLOEXEC) !== 0 ? 'exclose' : 'keep');
      return 0;
    case F_GETFL:
      return OFLAGS(fp.flag);
    case F_SETFL:
      return yield* fcntl_setfl(fp, FFLAGS(arg) & FCNTLFLAGS);
    default:
      return EINVAL;
  }
}

function* fcntl_setfl(fp: File, flags: number): Generator<void, number | Errno, void> {
  const error = yield* fp.ops!.fcntl(fp, F_SETFL, flags);
  if (isErrno(error)) return error;
  fp.flag = (fp.flag & ~FCNTLFLAGS) | flags;
  return 0;
}

/** F_CLOSEM: closes every descriptor from `fd` on. */
function* fcntl_closem(fd: number): Generator<void, number | Errno, void> {
  if (fd < 0) return EBADF;
  const fdp = curfiledesc(curlwp());
  for (let i = fdp.lastfile; i >= fd; i--) {
    const fp = yield* fd_getfile(i);
    if (fp !== undefined) void (yield* fd_close(i));
  }
  return 0;
}

/** fstat(2). */
export function* sys_fstat(_l: Lwp, fd: number): Generator<void, Stat | Errno, void> {
  const fp = yield* fd_getfile(fd);
  if (fp === undefined) return EBADF;
  const st = yield* fp.ops!.stat(fp);
  yield* fd_putfile(fd);
  return st;
}
