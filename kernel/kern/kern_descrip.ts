/**
 * File descriptors: looking up, putting back, closing. Follows NetBSD sys/kern/kern_descrip.c
 * (fd_getfile, fd_putfile, fd_close, closef); kern_descrip_*.ts have the rest of
 * it.
 *
 * A lookup takes no lock. A slot counts the LWPs that use it in `refcnt`, and a reader counts
 * itself in *before* it looks whether the slot is open:
 *
 *   reader   inc refcnt; file = ff.file; if (file === null) put the reference back
 *   closer   lock; file = ff.file; ff.file = null; dec refcnt;
 *            if it is not 0: set FR_CLOSING and sleep until it was 0 once; free the slot; unlock
 *
 * A reader that saw a file was counted before the closer cleared it, so the closer waits for it.
 * A reader that came too late sees null and goes away again; but for that moment the count of a
 * slot that is closing, free or newly taken is not 0, and nothing may assume that it is.
 *
 * With FR_CLOSING set, whoever puts a reference back takes the lock and wakes the closer.
 *
 * While one LWP alone uses the table (fd_single) there are no atomic operations, and no lock.
 *
 * Locking  `fdp.lock` guards the bitmap and `allocated`.
 * Differs  Putting back never closes (fd_join). In NetBSD it calls fd_close(), and a reader that
 *          is late enough can then close what was opened in the slot since: kern/43694 and its
 *          relatives. test/gallery/kern-43694 has the old algorithm.
 */

import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp, curworld } from '../world/current.ts';
import { OP_ATOMIC } from '../world/op.ts';
import {
  type AtomicUint,
  atomic_and_uint,
  atomic_cas_uint,
  atomic_dec_uint,
  atomic_dec_uint_nv,
  atomic_inc_uint,
  atomic_or_uint,
} from './atomic.ts';
import { EBADF, type Errno } from './errno.ts';
import type { File } from './file.ts';
import { type FdFile, type FdOps, type Filedesc, FR_CLOSING, FR_MASK } from './filedesc.ts';
import { cv_broadcast, cv_wait } from './kern_condvar.ts';
import { fd_init, fd_unused_slot, fd_used_slot } from './kern_descrip_slots.ts';
import { mutex_enter, mutex_exit } from './kern_mutex.ts';
import { mi_switch } from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

/** Whether the running LWP is the only one that uses its table: then nothing of it is locked. */
export function fd_single(fdp: Filedesc, l: Lwp): boolean {
  return fdp.refcnt.value === 1 && l.proc.lwps.length === 1;
}

/** The open file of a descriptor, with a reference to the descriptor; undefined if not open. */
export function fd_getfile(fd: number): MaySleep<File | undefined> {
  const l = curlwp();
  const fdp = l.proc.fd ?? fd_init(l);
  const ff = fdp.dt.ff[fd];
  if (ff === undefined) return done(undefined);
  if (!fd_single(fdp, l)) return fdp.ops.getfile(fdp, ff, fd);
  const fp = ff.file;
  if (fp === null) return done(undefined);
  ff.refcnt.value++;
  return done(fp);
}

/**
 * Whether the schedule wants to come between a step and the next here: it always may where every
 * statement is a scheduling point, otherwise before the atomic operation that comes now.
 */
function interleaves(a: AtomicUint): boolean {
  return curworld().everyStatement || hooks.point(OP_ATOMIC, a);
}

function fd_getfile_shared(fdp: Filedesc, ff: FdFile, fd: number): MaySleep<File | undefined> {
  if (interleaves(ff.refcnt)) return fd_getfile_steps(fdp, ff, fd);
  atomic_inc_uint(ff.refcnt);
  const fp = ff.file;
  return fp !== null ? done(fp) : fd_getfile_late(fdp, ff, fd);
}

/** The reader came too late: it puts its reference back. */
function* fd_getfile_late(fdp: Filedesc, ff: FdFile, fd: number): Generator<void, undefined, void> {
  yield* fdp.ops.putfile(fdp, ff, fd);
  return undefined;
}

function* fd_getfile_steps(
  fdp: Filedesc,
  ff: FdFile,
  fd: number,
): Generator<void, File | undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  atomic_inc_uint(ff.refcnt);
  const fp = ff.file;
  if (fp !== null) return fp;
  yield* fdp.ops.putfile(fdp, ff, fd);
  return undefined;
}

/** Gives back the reference that fd_getfile() took. */
export function fd_putfile(fd: number): MaySleep<void> {
  const l = curlwp();
  const fdp = l.proc.fd!;
  const ff = fdp.dt.ff[fd]!;
  KASSERT((ff.refcnt.value & FR_MASK) > 0, 'fd_putfile without a reference');
  if (!fd_single(fdp, l)) return fdp.ops.putfile(fdp, ff, fd);
  ff.refcnt.value--;
  return done(undefined);
}

function fd_putfile_shared(fdp: Filedesc, ff: FdFile): MaySleep<void> {
  if (interleaves(ff.refcnt) || (ff.refcnt.value & FR_CLOSING) !== 0)
    return fd_putfile_steps(fdp, ff);
  atomic_dec_uint(ff.refcnt);
  return done(undefined);
}

function* fd_putfile_steps(fdp: Filedesc, ff: FdFile): Generator<void, void, void> {
  if (hooks.takeYield()) yield* mi_switch();
  let u = ff.refcnt.value & FR_MASK;
  for (;;) {
    const v = atomic_cas_uint(ff.refcnt, u, u - 1);
    if (v === u) return;
    if ((v & FR_CLOSING) !== 0) break;
    u = v;
  }
  yield* mutex_enter(fdp.lock);
  fd_join(fdp, ff);
}

/** Gives a reference back and wakes the closer, if there still is one; unlocks. */
function fd_join(fdp: Filedesc, ff: FdFile): void {
  atomic_dec_uint(ff.refcnt);
  cv_broadcast(ff.closing);
  mutex_exit(fdp.lock);
}

/**
 * Closes a descriptor; the caller's reference to it is consumed. Errors: EBADF when another LWP is
 * closing it already, and what closing the file answers.
 */
export function fd_close(fd: number): MaySleep<Errno | undefined> {
  const l = curlwp();
  const fdp = l.proc.fd!;
  const ff = fdp.dt.ff[fd]!;
  const fp = ff.file;
  if (fp === null || ff.refcnt.value !== 1 || !fd_single(fdp, l)) {
    return fdp.ops.close(fdp, ff, fd);
  }
  ff.refcnt.value = 0;
  ff.file = null;
  ff.exclose = false;
  fdp.ops.unused(fdp, ff, fd);
  return closef(fp);
}

function* fd_close_slot(
  fdp: Filedesc,
  ff: FdFile,
  fd: number,
): Generator<void, Errno | undefined, void> {
  yield* mutex_enter(fdp.lock);
  KASSERT((ff.refcnt.value & FR_MASK) > 0, 'fd_close without a reference');
  const fp = ff.file;
  if (fp === null) {
    fd_join(fdp, ff);
    return EBADF;
  }
  KASSERT((ff.refcnt.value & FR_CLOSING) === 0, 'an open descriptor is marked as closing');
  ff.file = null;
  ff.exclose = false;
  if (atomic_dec_uint_nv(ff.refcnt) !== 0) yield* fd_drain(fdp, ff, fp);
  fdp.ops.unused(fdp, ff, fd);
  mutex_exit(fdp.lock);
  return yield* closef(fp);
}

/** Sleeps until the other references to a closing slot were all given back once. */
export function* fd_drain(fdp: Filedesc, ff: FdFile, fp: File): Generator<void, void, void> {
  atomic_or_uint(ff.refcnt, FR_CLOSING);
  mutex_exit(fdp.lock);
  file_closing(fp);
  if (fp.ops !== null) yield* fp.ops.restart(fp);
  yield* mutex_enter(fdp.lock);
  while ((ff.refcnt.value & FR_MASK) !== 0) yield* cv_wait(ff.closing, fdp.lock);
  file_closed(fp);
  atomic_and_uint(ff.refcnt, FR_MASK);
}

/** Counted in one step: slots of several tables may refer to the file, each with its own lock. */
function file_closing(fp: File): void {
  fp.closing++;
}

function file_closed(fp: File): void {
  fp.closing--;
}

/** Drops a reference to an open file; the last one closes it. */
export function closef(fp: File): MaySleep<Errno | undefined> {
  KASSERT(fp.count > 0, 'closef of a file without references');
  if (--fp.count > 0) return done(undefined);
  curlwp().kernel.files!.nfiles--;
  return fp.ops === null ? done(undefined) : fp.ops.close(fp);
}

/** The algorithm above. */
export const fdops: FdOps = {
  getfile: fd_getfile_shared,
  putfile: fd_putfile_shared,
  close: fd_close_slot,
  used: fd_used_slot,
  unused: fd_unused_slot,
};
