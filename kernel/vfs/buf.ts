/**
 * Buffers: buf(9). Follows NetBSD sys/sys/buf.h. The cache is in vfs_bio.ts.
 *
 * Locking  A buffer belongs to whoever made it busy (B_BUSY); while its transfer runs, to the
 *          device, until biodone().
 */

import type { Errno } from '../kern/errno.ts';
import { cv_init, type KCondvar } from '../kern/kern_condvar.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Vnode } from './vnode.ts';

/** Bytes of a disk block: what Buf.blkno counts. */
export const DEV_BSIZE = 512;
export const DEV_BSHIFT = 9;
/** The largest transfer: MAXBSIZE. */
export const MAXBSIZE = 64 * 1024;

/** Flags: B_* of `flags`. */
export const B_READ = 0x00100000;
export const B_WRITE = 0x00000000;
export const B_ASYNC = 0x00000004;
export const B_PHYS = 0x00040000;

/** Flags of the cache: BC_* of `cflags`. */
export const BC_AGE = 0x00000001;
export const BC_BUSY = 0x00000010;
export const BC_DELWRI = 0x00000080;
export const BC_INVAL = 0x00002000;
export const BC_NOCACHE = 0x00008000;
export const BC_WANTED = 0x00800000;

/** Flags of the transfer: BO_* of `oflags`. */
export const BO_DELWRI = 0x00000080;
export const BO_DONE = 0x00000200;

export class Buf {
  /** Number in its kernel, in order of creation. */
  id: number;
  /** What it is a block of; null when free. */
  vp: Vnode | null = null;
  /** Block of the vnode, in the file system's own count. */
  lblkno = 0;
  /** Block of the device, in DEV_BSIZE. */
  blkno = 0;
  /** Device it is read from. */
  dev = -1;
  /** B_* */
  flags = 0;
  /** BC_* */
  cflags = 0;
  /** BO_* */
  oflags = 0;
  /** Its bytes; bufsize and bcount are its length. */
  data: Uint8Array;
  /** Bytes that a transfer did not move. */
  resid = 0;
  /** How the last transfer ended; stored by the device. */
  error: Errno | undefined = undefined;
  /** Called at the end of an asynchronous transfer instead of waking anybody. */
  iodone: ((bp: Buf) => void) | null = null;
  /** Wakes who wants it when it is no longer busy, and who waits for its transfer. */
  busy: KCondvar = cv_init('biolock');
  done: KCondvar = cv_init('biowait');
  /** Who made it busy. */
  owner: Lwp | null = null;
  /** Place on the list of buffers that are not busy, least recently used first. */
  lruPrev: Buf | null = null;
  lruNext: Buf | null = null;

  constructor(id: number, data: Uint8Array) {
    this.id = id;
    this.data = data;
  }
}
