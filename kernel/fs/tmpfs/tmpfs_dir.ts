/**
 * Directories of tmpfs: entries, their order, reading them. Follows NetBSD
 * sys/fs/tmpfs/tmpfs_subr.c (tmpfs_dir_attach, tmpfs_dir_detach, tmpfs_dir_lookup,
 * tmpfs_dir_getdents).
 *
 * Each entry has a sequence number, larger than those of all before it, and `order` is sorted by
 * it. So a readdir that goes on from "the first entry whose number is at least n" neither skips
 * nor repeats an entry that was there all the time, whatever else came and went.
 *
 * Locking  The directory's vnode: exclusively to change it.
 */

import { KASSERT } from '../../kern/subr_prf.ts';
import { type DirUio, DT_DIR, dirent_add, vtype2dt } from '../../vfs/dirent.ts';
import { VDIR } from '../../vfs/vnode.ts';
import {
  TMPFS_DIRENT_SIZE,
  TMPFS_DIRSEQ_DOT,
  TMPFS_DIRSEQ_DOTDOT,
  TMPFS_DIRSEQ_START,
  TmpfsDirent,
  type TmpfsNode,
} from './tmpfs.ts';
import { tmpfs_mem_decr, tmpfs_mem_incr } from './tmpfs_mem.ts';

/** Removed entries that `order` keeps before it is packed. */
const HOLES_MIN = 16;

/** Bytes an entry counts for. */
function dirent_bytes(name: string): number {
  return TMPFS_DIRENT_SIZE + name.length;
}

/** The entry of a name. */
export function tmpfs_dir_lookup(dnode: TmpfsNode, name: string): TmpfsDirent | undefined {
  return dnode.dir!.entries.get(name);
}

/** Takes the bytes for an entry that tmpfs_dir_attach() is going to make; false for ENOSPC. */
export function tmpfs_dirent_reserve(dnode: TmpfsNode, name: string): boolean {
  return tmpfs_mem_incr(dnode.mount, dirent_bytes(name));
}

/** Gives the bytes of an entry back. */
export function tmpfs_dirent_unreserve(dnode: TmpfsNode, name: string): void {
  tmpfs_mem_decr(dnode.mount, dirent_bytes(name));
}

/** Enters a node under a name whose bytes are reserved. A directory gets its parent. */
export function tmpfs_dir_attach(dnode: TmpfsNode, name: string, node: TmpfsNode): void {
  const dir = dnode.dir!;
  KASSERT(!dir.entries.has(name), 'tmpfs: a name is entered twice');
  KASSERT(dir.parent !== null, 'tmpfs: a name is entered in a removed directory');
  const de = new TmpfsDirent(name, node);
  de.seq = dir.nextSeq++;
  dir.entries.set(name, de);
  dir.order.push(de);
  dnode.size += TMPFS_DIRENT_SIZE;
  node.links++;
  if (node.type === VDIR) {
    node.dir!.parent = dnode;
    dnode.links++;
  }
}

/** Takes an entry away, and gives its bytes back. A directory loses its parent. */
export function tmpfs_dir_detach(dnode: TmpfsNode, de: TmpfsDirent): void {
  const dir = dnode.dir!;
  const node = de.node;
  KASSERT(dir.entries.get(de.name) === de, 'tmpfs: an entry is taken from a foreign directory');
  KASSERT(node.links > 0, 'tmpfs: a file has more names than links');
  dir.entries.delete(de.name);
  order_remove(dnode, de);
  dnode.size -= TMPFS_DIRENT_SIZE;
  node.links--;
  tmpfs_dirent_unreserve(dnode, de.name);
  if (node.type === VDIR) {
    KASSERT(dnode.links > 2, 'tmpfs: a directory has fewer links than subdirectories');
    node.dir!.parent = null;
    dnode.links--;
  }
}

/** Index in `order` of the first entry whose number is at least `seq`. */
function order_find(order: readonly (TmpfsDirent | null)[], seq: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    let at = middle;
    while (at < high && order[at] === null) at++;
    if (at < high && order[at]!.seq < seq) low = at + 1;
    else high = middle;
  }
  return low;
}

function order_remove(dnode: TmpfsNode, de: TmpfsDirent): void {
  const dir = dnode.dir!;
  const { order } = dir;
  if (order[order.length - 1] === de) {
    order.pop();
    return;
  }
  let at = order_find(order, de.seq);
  while (order[at] === null) at++;
  KASSERT(order[at] === de, "tmpfs: an entry is missing in its directory's order");
  order[at] = null;
  if (order.length > 2 * dir.entries.size + HOLES_MIN) {
    dir.order = order.filter((entry) => entry !== null);
  }
}

/** Fills `uio` with entries from its offset on. `parent` is the inode number of `..`. */
export function tmpfs_dir_getdents(dnode: TmpfsNode, uio: DirUio, parent: number): void {
  if (uio.offset === TMPFS_DIRSEQ_DOT) {
    if (!dirent_add(uio, dnode.id, DT_DIR, '.', TMPFS_DIRSEQ_DOTDOT)) return;
  }
  if (uio.offset === TMPFS_DIRSEQ_DOTDOT) {
    if (!dirent_add(uio, parent, DT_DIR, '..', TMPFS_DIRSEQ_START)) return;
  }
  const { order } = dnode.dir!;
  for (let at = order_find(order, uio.offset); at < order.length; at++) {
    const de = order[at];
    if (de === null) continue;
    if (!dirent_add(uio, de.node.id, vtype2dt(de.node.type), de.name, de.seq + 1)) return;
  }
  uio.eof = true;
}
