/**
 * File descriptors of processes: sharing, copying and freeing whole tables. Follows NetBSD
 * sys/kern/kern_descrip.c (fd_share, fd_copy, fd_free, fd_closeexec).
 */

import { curlwp } from '../world/current.ts';
import { atomic_dec_uint_nv, atomic_inc_uint } from './atomic.ts';
import { FdFile, Filedesc, FdTab } from './filedesc.ts';
import { closef, fd_close, fd_getfile } from './kern_descrip.ts';
import { curfiledesc, fd_used_slot } from './kern_descrip_slots.ts';
import { RUMP_RFCFDG, RUMP_RFFDG } from './kern_fork.ts';
import { mutex_enter, mutex_exit } from './kern_mutex.ts';
import type { Proc } from './proc.ts';

/** Lets process `p` use the table of the running one: rfork(2) without RFFDG. */
export function* fd_share(p: Proc): Generator<void, void, void> {
  const fdp = curfiledesc(curlwp());
  p.fd = fdp;
  atomic_inc_uint(fdp.refcnt);
}

/** A copy of the running process's table; half-open descriptors are left out. */
export function* fd_copy(): Generator<void, Filedesc, void> {
  const fdp = curfiledesc(curlwp());
  const copy = new Filedesc(fdp.ops);
  yield* mutex_enter(fdp.lock);
  copy.dt = new FdTab(fdp.dt.nfiles);
  copy.lomap = fdp.lomap.map(() => 0);
  for (let fd = 0; fd <= fdp.lastfile; fd++) {
    const ff = fdp.dt.ff[fd];
    const fp = ff?.file;
    if (ff === undefined || fp === null || fp === undefined) continue;
    fp.count++;
    const slot = new FdFile();
    fd_used_slot(copy, slot, fd);
    slot.file = fp;
    slot.exclose = ff.exclose;
    copy.dt.ff[fd] = slot;
  }
  copy.freefile = fdp.freefile;
  mutex_exit(fdp.lock);
  return copy;
}

/** A new process gets a copy of its parent's table, shares it, or begins anew: rfork(2). */
export function* fd_fork(child: Proc, flags: number): Generator<void, void, void> {
  if ((flags & RUMP_RFCFDG) !== 0) return;
  if ((flags & RUMP_RFFDG) === 0) yield* fd_share(child);
  else child.fd = yield* fd_copy();
}

/** Gives up the table of an exiting process; the last user closes what is open. */
export function* fd_free(p: Proc): Generator<void, void, void> {
  const fdp = p.fd;
  if (fdp === null) return;
  p.fd = null;
  if (atomic_dec_uint_nv(fdp.refcnt) > 0) return;
  for (let fd = 0; fd < fdp.dt.nfiles; fd++) {
    const ff = fdp.dt.ff[fd];
    const fp = ff?.file;
    if (ff === undefined || fp === null || fp === undefined) continue;
    ff.file = null;
    ff.allocated = false;
    void (yield* closef(fp));
  }
}

/** Closes what is marked close-on-exec: for exec(3). */
export function* fd_closeexec(): Generator<void, void, void> {
  const fdp = curfiledesc(curlwp());
  for (let fd = 0; fd <= fdp.lastfile; fd++) {
    if (fdp.dt.ff[fd]?.exclose !== true) continue;
    const fp = yield* fd_getfile(fd);
    if (fp !== undefined) void (yield* fd_close(fd));
  }
}
