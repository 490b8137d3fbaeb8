/**
 * What a mount may use: bytes and nodes. Follows NetBSD sys/fs/tmpfs/tmpfs_mem.c.
 *
 * Nodes, entries, the targets of links and the pages of files count; holes do not.
 */

import type { TmpfsMount } from './tmpfs.ts';

/** Takes `bytes`; false, and nothing is taken, when that many are not left. */
export function tmpfs_mem_incr(tmp: TmpfsMount, bytes: number): boolean {
  if (tmp.memUsed + bytes > tmp.memLimit) return false;
  tmp.memUsed += bytes;
  return true;
}

/** Gives `bytes` back. */
export function tmpfs_mem_decr(tmp: TmpfsMount, bytes: number): void {
  tmp.memUsed -= bytes;
}

/** Changes the limit; false when more than that is used already. */
export function tmpfs_mntmem_set(tmp: TmpfsMount, limit: number): boolean {
  if (limit < tmp.memUsed) return false;
  tmp.memLimit = limit;
  return true;
}
