/**
 * Contents of regular files: pages, reading, writing, resizing. Follows NetBSD
 * sys/fs/tmpfs/tmpfs_vnops.c (tmpfs_read, tmpfs_write) and tmpfs_subr.c (tmpfs_reg_resize).
 *
 * A file is an array of pages of PAGE_SIZE bytes. A page that is missing is a hole. One that is
 * short ends in zeros: small files and the ends of large ones take no more than they need, and a
 * page grows by doubling, so appending byte by byte copies each byte a few times at most.
 *
 * Locking  The vnode: exclusively to change the file.
 * Differs  Whole transfers are atomic: nothing here sleeps.
 */

import { EFBIG, ENOSPC, type Errno } from '../../kern/errno.ts';
import { type Uio, uiomove, uiozero } from '../../vfs/uio.ts';
import { PAGE_SIZE, TMPFS_MAXFILESIZE, type TmpfsNode } from './tmpfs.ts';
import { tmpfs_mem_decr, tmpfs_mem_incr } from './tmpfs_mem.ts';

/** Bytes of the smallest page. */
const PAGE_MIN = 64;

/** Reads from the file up to its end. */
export function tmpfs_reg_read(node: TmpfsNode, uio: Uio): void {
  const pages = node.pages!;
  while (uio.resid > 0 && uio.offset < node.size) {
    const start = uio.offset % PAGE_SIZE;
    const page = pages[(uio.offset - start) / PAGE_SIZE];
    const count = Math.min(PAGE_SIZE - start, uio.resid, node.size - uio.offset);
    if (page !== undefined && page.length >= start + count) uiomove(page, start, count, uio);
    else read_short(page, start, count, uio);
  }
}

/** Reads from a page that is short or missing: zeros stand for what is not there. */
function read_short(page: Uint8Array | undefined, start: number, count: number, uio: Uio): void {
  const filled = page === undefined ? 0 : Math.max(0, page.length - start);
  if (filled > 0) uiomove(page!, start, filled, uio);
  uiozero(count - filled, uio);
}

/**
 * Writes to the file, which grows as needed. Errors: ENOSPC with what found room written, EFBIG.
 */
export function tmpfs_reg_write(node: TmpfsNode, uio: Uio): Errno | undefined {
  if (uio.offset + uio.resid > TMPFS_MAXFILESIZE) return EFBIG;
  while (uio.resid > 0) {
    const start = uio.offset % PAGE_SIZE;
    const count = Math.min(PAGE_SIZE - start, uio.resid);
    const page = page_for(node, (uio.offset - start) / PAGE_SIZE, start + count);
    if (page === undefined) return ENOSPC;
    uiomove(page, start, count, uio);
    if (uio.offset > node.size) node.size = uio.offset;
  }
  return undefined;
}

/** The page `index`, made if missing, with room for at least `length` bytes. */
function page_for(node: TmpfsNode, index: number, length: number): Uint8Array | undefined {
  const pages = node.pages!;
  const old = pages[index];
  if (old !== undefined && old.length >= length) return old;
  if (old === undefined && !tmpfs_mem_incr(node.mount, PAGE_SIZE)) return undefined;
  let size = old === undefined ? PAGE_MIN : old.length;
  while (size < length) size *= 2;
  const page = new Uint8Array(size);
  if (old === undefined) node.pageCount++;
  else page.set(old);
  pages[index] = page;
  return page;
}

/** Sets the size of a file: what is beyond goes, what is new is a hole. Errors: EFBIG. */
export function tmpfs_reg_resize(node: TmpfsNode, size: number): Errno | undefined {
  if (size > TMPFS_MAXFILESIZE) return EFBIG;
  if (size < node.size) {
    drop_pages(node, Math.ceil(size / PAGE_SIZE));
    const tail = size % PAGE_SIZE;
    const last = tail === 0 ? undefined : node.pages![(size - tail) / PAGE_SIZE];
    if (last !== undefined && last.length > tail) last.fill(0, tail);
  }
  node.size = size;
  return undefined;
}

/** Gives back the pages from `first` on. */
function drop_pages(node: TmpfsNode, first: number): void {
  const pages = node.pages!;
  if (pages.length <= first) return;
  let dropped = 0;
  if (first === 0) dropped = node.pageCount;
  else for (const index in pages) if (Number(index) >= first) dropped++;
  pages.length = first;
  node.pageCount -= dropped;
  tmpfs_mem_decr(node.mount, dropped * PAGE_SIZE);
}
