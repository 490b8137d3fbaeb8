/**
 * File descriptors: a process's table and the bitmap of its slots. Follows NetBSD
 * sys/kern/kern_descrip.c (fd_init, fd_next_zero, fd_used, fd_unused).
 *
 * A table is made when its process first needs one. As after login(1), descriptors 0, 1 and 2 are
 * then the console.
 */

import { DTYPE_MISC, File, FREAD, FWRITE } from './file.ts';
import { FdFile, Filedesc } from './filedesc.ts';
import { consops } from './kern_file_console.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

/** The table of the LWP's process. */
export function curfiledesc(l: Lwp): Filedesc {
  return l.proc.fd ?? fd_init(l);
}

/** Makes the table of a process that has none: the console at 0, 1 and 2. */
export function fd_init(l: Lwp): Filedesc {
  const files = l.kernel.files!;
  const fdp = new Filedesc(files.ops);
  const fp = new File(l.proc.cred);
  fp.ops = consops;
  fp.type = DTYPE_MISC;
  fp.flag = FREAD | FWRITE;
  fp.count = 3;
  files.nfiles++;
  for (let fd = 0; fd < 3; fd++) {
    const ff = new FdFile();
    fd_used_slot(fdp, ff, fd);
    ff.file = fp;
    fdp.dt.ff[fd] = ff;
  }
  fdp.freefile = 3;
  l.proc.fd = fdp;
  return fdp;
}

/** The first free slot from `want` below `limit`; -1 for none. */
export function fd_next_zero(fdp: Filedesc, want: number, limit: number): number {
  const map = fdp.lomap;
  let word = want >>> 5;
  let taken = map[word] | ((1 << (want & 31)) - 1);
  while (taken === -1) {
    if (++word >= map.length) return -1;
    taken = map[word];
  }
  const fd = (word << 5) + 31 - Math.clz32(~taken & (taken + 1));
  return fd < limit ? fd : -1;
}

/** Whether a slot is taken: open, half open or closing. */
export function fd_isused(fdp: Filedesc, fd: number): boolean {
  return ((fdp.lomap[fd >>> 5] >>> (fd & 31)) & 1) !== 0;
}

/** Takes a slot: `FdOps.used`. Its count need not be 0: see kern_descrip.ts. */
export function fd_used_slot(fdp: Filedesc, ff: FdFile, fd: number): void {
  KASSERT(ff.file === null, 'a free descriptor has a file');
  KASSERT(!ff.allocated, 'a free descriptor is marked as taken');
  ff.allocated = true;
  fdp.lomap[fd >>> 5] |= 1 << (fd & 31);
  if (fd > fdp.lastfile) fdp.lastfile = fd;
}

/** Gives a slot back: `FdOps.unused`. */
export function fd_unused_slot(fdp: Filedesc, ff: FdFile, fd: number): void {
  KASSERT(ff.file === null, 'a descriptor is freed with its file');
  KASSERT(ff.allocated, 'a free descriptor is freed');
  if (fd < fdp.freefile) fdp.freefile = fd;
  fdp.lomap[fd >>> 5] &= ~(1 << (fd & 31));
  ff.allocated = false;
  if (fd !== fdp.lastfile) return;
  let last = fd - 1;
  while (last >= 0 && !fd_isused(fdp, last)) last--;
  fdp.lastfile = last;
}
