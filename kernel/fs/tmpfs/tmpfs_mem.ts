/**
 * What a mount may use: bytes and nodes. Follows NetBSD sys/fs/tmpfs/tmpfs_mem.c.
 *
 * Nodes, entries, the targets of links and the pages of files count; holes do not. Where the
 * kernel's memory is limited (RUMP_MEMLIMIT), all mounts share it with everybody else.
 */

import { kmem_tryreserve, kmem_unreserve } from '../../kern/subr_kmem.ts';
import type { TmpfsMount } from './tmpfs.ts';

/** Takes `bytes`; false, and nothing is taken, when that many are not left. */
export function tmpfs_mem_incr(tmp: TmpfsMount, bytes: number): boolean {
  if (tmp.memUsed + bytes > tmp.memLimit) return false;
  if (tmp.limited !== null && !kmem_tryreserve(tmp.limited, bytes)) return false;
  tmp.memUsed += bytes;
  return true;
}

/** Gives `bytes` back. */
export function tmpfs_mem_decr(tmp: TmpfsMount, bytes: number): void {
  tmp.memUsed -= bytes;
  if (tmp.limited !== null) kmem_unreserve(tmp.limited, bytes);
}

/** Changes the limit; false when more than that is used already. */
export function tmpfs_mntmem_set(tmp: TmpfsMount, limit: number): boolean {
  if (limit < tmp.memUsed) return false;
  tmp.memLimit = limit;
  return true;
}
