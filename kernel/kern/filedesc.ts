/**
 * Descriptor tables: the records. Follows NetBSD sys/sys/filedesc.h.
 *
 * A Filedesc belongs to one process, or to several that share it (rfork(2)). Its slots are looked
 * up without a lock; kern_descrip.ts says how.
 */

import { inOneStep, publishes } from '../accesses.ts';
import type { MaySleep } from '../maysleep.ts';
import { AtomicUint } from './atomic.ts';
import type { Errno } from './errno.ts';
import type { File } from './file.ts';
import { cv_init, type KCondvar } from './kern_condvar.ts';
import { type KMutex, MUTEX_DEFAULT, mutex_obj_alloc } from './kern_mutex.ts';

/** Slots of a table before it grows, and at its first growth. */
export const NDFILE = 20;
export const NDEXTENT = 50;

/** A closer waits for `refcnt` to drain. Differs: bit 30, as 31 bits stay a machine integer. */
export const FR_CLOSING = 0x40000000;
export const FR_MASK = 0x3fffffff;

/** fdfile_t: one slot. It stays with its number for the life of the table. */
export class FdFile {
  /** Close on exec. */
  exclose = false;
  /** Taken: open, half open or closing. Guarded by `Filedesc.lock`. */
  allocated = false;
  /** LWPs that use the descriptor right now, and FR_CLOSING. */
  refcnt = new AtomicUint();
  /** null while free, half open or closing. */
  file: File | null = null;
  /** The closer sleeps here while others use the descriptor. */
  closing: KCondvar = cv_init('fdclose');
}

// NetBSD: atomic_load_consume() and atomic_store_release().
publishes(FdFile, 'file');

/** fdtab_t: replaced as a whole when it grows, so that readers need no lock. */
export class FdTab {
  nfiles: number;
  ff: (FdFile | undefined)[];

  constructor(nfiles: number) {
    this.nfiles = nfiles;
    this.ff = new Array(nfiles);
  }
}

/** The lockless half of the algorithm, as a vector: a component may bring another one. */
export interface FdOps {
  /** A reference to the descriptor of a table that several LWPs use, and its file. */
  getfile(fdp: Filedesc, ff: FdFile, fd: number): MaySleep<File | undefined>;
  /** Gives that reference back. */
  putfile(fdp: Filedesc, ff: FdFile, fd: number): MaySleep<void>;
  /** Closes; the caller holds a reference, which is consumed. */
  close(fdp: Filedesc, ff: FdFile, fd: number): MaySleep<Errno | undefined>;
  /** A slot is taken; `fdp.lock` is held. */
  used(fdp: Filedesc, ff: FdFile, fd: number): void;
  /** A slot is given back; `fdp.lock` is held. */
  unused(fdp: Filedesc, ff: FdFile, fd: number): void;
}

/** filedesc_t. */
export class Filedesc {
  dt: FdTab = new FdTab(NDFILE);
  ops: FdOps;
  /** Processes that share the table. */
  refcnt = new AtomicUint(1);

  // Guarded by `lock`.
  lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'filedesc');
  /** A bit a slot: taken. */
  lomap: number[] = [0];
  /** No slot below is free. */
  freefile = 0;
  /** The largest slot that is taken; -1 for none. */
  lastfile = -1;

  constructor(ops: FdOps) {
    this.ops = ops;
  }
}

// NetBSD: published by atomic_store_release(), after what is in the table.
publishes(Filedesc, 'dt');
publishes(FdTab, 'ff[]');

/** What a kernel knows of its open files: kern.maxfiles and friends. */
export class Files {
  ops: FdOps;
  /** Open files of the kernel, and how many there may be: kern.maxfiles. */
  nfiles = 0;
  maxfiles = 4096;
  /** Descriptors a process may have: the soft limit RLIMIT_NOFILE. */
  nofile = 1024;

  constructor(ops: FdOps) {
    this.ops = ops;
  }
}

// NetBSD: filelist_lock.
inOneStep(Files, 'nfiles');
