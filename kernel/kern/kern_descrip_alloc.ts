/**
 * File descriptors: taking and giving back slots, making and doubling descriptors. Follows NetBSD
 * sys/kern/kern_descrip.c (fd_alloc, fd_tryexpand, fd_allocfile, fd_affix, fd_abort, fd_dup).
 *
 * A descriptor is made in two steps: fd_allocfile() takes a slot and makes a File, and fd_affix()
 * shows it to the process once it is complete (fd_abort() when that failed).
 *
 * Locking  `fdp.lock` guards the bitmap; the slots' files are published without it.
 * Differs  One bitmap, no summary of it: tables are small here.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { EINVAL, EMFILE, ENFILE, ENOSPC, type Errno, isErrno } from './errno.ts';
import { File, FNONBLOCK } from './file.ts';
import { FdFile, type Filedesc, type Files, FdTab, NDEXTENT } from './filedesc.ts';
import { fd_close, fd_getfile, fd_single } from './kern_descrip.ts';
import { curfiledesc, fd_isused, fd_next_zero } from './kern_descrip_slots.ts';
import { mutex_enter, mutex_exit } from './kern_mutex.ts';
import { kpause } from './kern_sleepq.ts';
import { TICK_NS } from './kern_time.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT, printf } from './subr_prf.ts';

/**
 * Takes the lowest free slot from `want`. Errors: EMFILE; ENOSPC when the table has to grow first
 * (fd_tryexpand).
 */
export function fd_alloc(fdp: Filedesc, want: number): MaySleep<number | Errno> {
  if (fd_single(fdp, curlwp())) return done(fd_alloc_slot(fdp, want));
  return fd_alloc_shared(fdp, want);
}

function* fd_alloc_shared(fdp: Filedesc, want: number): Generator<void, number | Errno, void> {
  yield* mutex_enter(fdp.lock);
  const fd = fd_alloc_slot(fdp, want);
  mutex_exit(fdp.lock);
  return fd;
}

/** Locks: `fdp.lock`, unless the table is used by one LWP alone. */
function fd_alloc_slot(fdp: Filedesc, want: number): number | Errno {
  const files = curlwp().kernel.files!;
  const limit = Math.min(files.nofile, files.maxfiles);
  const { nfiles } = fdp.dt;
  const from = Math.max(want, fdp.freefile);
  const last = Math.min(nfiles, limit);
  const fd = from < last ? fd_next_zero(fdp, from, last) : -1;
  if (fd < 0) return nfiles >= limit ? EMFILE : ENOSPC;
  fdp.ops.used(fdp, fd_slot(fdp, fd), fd);
  if (want <= fdp.freefile) fdp.freefile = fd;
  return fd;
}

/** The record of a slot, made when it is first taken. */
function fd_slot(fdp: Filedesc, fd: number): FdFile {
  const { ff } = fdp.dt;
  ff[fd] ??= new FdFile();
  return ff[fd];
}

/** Doubles the table. Readers go on using the old array, which has the same slots. */
export function fd_tryexpand(fdp: Filedesc): void {
  const old = fdp.dt;
  const dt = new FdTab(old.nfiles < NDEXTENT ? NDEXTENT : old.nfiles * 2);
  for (let fd = 0; fd < old.nfiles; fd++) dt.ff[fd] = old.ff[fd];
  while (fdp.lomap.length * 32 < dt.nfiles) fdp.lomap.push(0);
  fdp.dt = dt;
}

function* fd_alloc_expanding(fdp: Filedesc, want: number): Generator<void, number | Errno, void> {
  for (;;) {
    const fd = yield* fd_alloc(fdp, want);
    if (fd !== ENOSPC) return fd;
    fd_tryexpand(fdp);
  }
}

/** A new file and the slot that waits for it. */
export interface AllocatedFile {
  readonly fp: File;
  readonly fd: number;
}

/** Takes a slot of the process and makes a File for it. Errors: EMFILE, ENFILE. */
export function fd_allocfile(): MaySleep<AllocatedFile | Errno> {
  const l = curlwp();
  const fdp = curfiledesc(l);
  const files = l.kernel.files!;
  if (!fd_single(fdp, l) || files.nfiles >= files.maxfiles) return fd_allocfile_shared(l, fdp);
  const fd = fd_alloc_slot(fdp, 0);
  if (fd === ENOSPC) return fd_allocfile_shared(l, fdp);
  if (isErrno(fd)) return done(fd);
  files.nfiles++;
  return done({ fp: new File(l.proc.cred), fd });
}

function* fd_allocfile_shared(l: Lwp, fdp: Filedesc): Generator<void, AllocatedFile | Errno, void> {
  const fd = yield* fd_alloc_expanding(fdp, 0);
  if (isErrno(fd)) return fd;
  const files = l.kernel.files!;
  if (files.nfiles >= files.maxfiles) {
    printf('file: table is full - increase kern.maxfiles\n');
    yield* fd_abort(null, fd);
    return ENFILE;
  }
  return allocated(l, files, fd);
}

/** Counts the file, in one step. */
function allocated(l: Lwp, files: Files, fd: number): AllocatedFile {
  files.nfiles++;
  return { fp: new File(l.proc.cred), fd };
}

/** Shows a complete file to the process. */
export function fd_affix(fp: File, fd: number): MaySleep<void> {
  fd_show(fp, fd);
  return done(undefined);
}

/** fd_affix() for plain functions: it never sleeps. */
export function fd_show(fp: File, fd: number): void {
  const ff = curlwp().proc.fd!.dt.ff[fd]!;
  KASSERT(ff.file === null && ff.allocated, 'fd_affix to a slot that was not allocated');
  fp.count++;
  ff.file = fp;
}

/** Gives up a descriptor that was not shown yet, and its file. */
export function* fd_abort(fp: File | null, fd: number): Generator<void, void, void> {
  const l = curlwp();
  const fdp = l.proc.fd!;
  const ff = fdp.dt.ff[fd]!;
  ff.exclose = false;
  yield* mutex_enter(fdp.lock);
  fdp.ops.unused(fdp, ff, fd);
  mutex_exit(fdp.lock);
  if (fp === null) return;
  KASSERT(fp.count === 0, 'fd_abort of a file in use');
  given_back(l.kernel.files!);
}

function given_back(files: Files): void {
  files.nfiles--;
}

/** Whether the descriptor is to be closed by exec(3). */
export function fd_set_exclose(fd: number, exclose: 'exclose' | 'keep'): void {
  curlwp().proc.fd!.dt.ff[fd]!.exclose = exclose === 'exclose';
}

/** A further descriptor, the lowest free one from `minfd`, for an open file. Errors: EMFILE. */
export function* fd_dup(
  fp: File,
  minfd: number,
  exclose: 'exclose' | 'keep',
): Generator<void, number | Errno, void> {
  const fd = yield* fd_alloc_expanding(curfiledesc(curlwp()), minfd);
  if (isErrno(fd)) return fd;
  fd_set_exclose(fd, exclose);
  yield* fd_affix(fp, fd);
  return fd;
}

/** Makes `newfd` a descriptor of an open file; what was open there is closed. */
export function* fd_dup2(
  fp: File,
  newfd: number,
  exclose: 'exclose' | 'keep',
  statusFlags = 0,
): Generator<void, Errno | undefined, void> {
  if ((statusFlags & ~FNONBLOCK) !== 0) return EINVAL;
  const fdp = curfiledesc(curlwp());
  while (newfd >= fdp.dt.nfiles) fd_tryexpand(fdp);
  yield* mutex_enter(fdp.lock);
  while (fd_isused(fdp, newfd)) {
    mutex_exit(fdp.lock);
    yield* fd_vacate(newfd);
    yield* mutex_enter(fdp.lock);
  }
  fdp.ops.used(fdp, fd_slot(fdp, newfd), newfd);
  mutex_exit(fdp.lock);
  fd_set_exclose(newfd, exclose);
  fp.flag |= statusFlags;
  yield* fd_affix(fp, newfd);
  return undefined;
}

/** Closes what is open at `fd`; waits a tick for a slot that is only half open. */
function* fd_vacate(fd: number): Generator<void, void, void> {
  const fp = yield* fd_getfile(fd);
  if (fp !== undefined) void (yield* fd_close(fd));
  else yield* kpause('dup2', 'uninterruptible', TICK_NS);
}
