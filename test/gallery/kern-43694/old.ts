/**
 * The descriptor algorithm as it was: NetBSD sys/kern/kern_descrip.c before kern/43694.
 *
 * It holds that nobody has a reference to a slot that is taken or given back; and it closes a
 * descriptor for whoever puts back a reference and sees that a closer waits.
 */

import {
  atomic_cas_uint,
  atomic_inc_uint,
  type FdFile,
  type FdOps,
  fdops,
  type File,
  type Filedesc,
  FR_CLOSING,
  FR_MASK,
  KASSERT,
} from 'rumpus';

function* getfile(fdp: Filedesc, ff: FdFile, fd: number): Generator<void, File | undefined, void> {
  atomic_inc_uint(ff.refcnt);
  const fp = ff.file;
  if (fp !== null) return fp;
  yield* putfile(fdp, ff, fd);
  return undefined;
}

function* putfile(fdp: Filedesc, ff: FdFile, fd: number): Generator<void, void, void> {
  let u = ff.refcnt.value & FR_MASK;
  for (;;) {
    const v = atomic_cas_uint(ff.refcnt, u, u - 1);
    if (v === u) return;
    if ((v & FR_CLOSING) !== 0) break;
    u = v;
  }
  void (yield* fdp.ops.close(fdp, ff, fd));
}

function fd_used(fdp: Filedesc, ff: FdFile, fd: number): void {
  KASSERT(ff.refcnt.value === 0, 'ff->ff_refcnt == 0: a free descriptor is in use');
  fdops.used(fdp, ff, fd);
}

function fd_unused(fdp: Filedesc, ff: FdFile, fd: number): void {
  KASSERT(ff.refcnt.value === 0, 'ff->ff_refcnt == 0: a descriptor is freed in use');
  fdops.unused(fdp, ff, fd);
}

/** All of it. */
export const assertingOps: Partial<FdOps> = { getfile, putfile, used: fd_used, unused: fd_unused };

/** Without the assertions, so that what they stood before can happen. */
export const joiningOps: Partial<FdOps> = { getfile, putfile };
