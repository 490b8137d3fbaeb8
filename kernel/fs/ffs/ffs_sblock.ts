/**
 * Finding the superblock. Follows ffs_mountfs() of NetBSD sys/ufs/ffs/ffs_vfsops.c.
 *
 * Its place depends on the version and the age of a file system, so candidates are read one after
 * the other. A small device ends before some of them: then the block layer answers EINVAL, which
 * says nothing about the file system (PR kern/43573: mount gave up there).
 */

import { EINVAL, type Errno, isErrno } from '../../kern/errno.ts';
import { printf } from '../../kern/subr_prf.ts';
import type { MaySleep } from '../../maysleep.ts';
import { DEV_BSIZE } from '../../vfs/buf.ts';
import { bread, brelse } from '../../vfs/vfs_bio.ts';
import { BC_NOCACHE } from '../../vfs/buf.ts';
import type { Vnode } from '../../vfs/vnode.ts';
import { decodeSuperblock, Fs, SBLOCKSEARCH, SBLOCKSIZE } from './fs.ts';

/** Finds the superblock of an open device. Another version may be given to ffsComponent(). */
export type FindSuperblock = (devvp: Vnode) => MaySleep<Fs | Errno>;

/**
 * Reads the candidate at `location`, bytes; undefined when that is no superblock we can use.
 * Errors: what the block layer answers.
 */
export function* ffs_trysuperblock(
  devvp: Vnode,
  location: number,
): Generator<void, Fs | Errno | undefined, void> {
  const bp = yield* bread(devvp, location / DEV_BSIZE, SBLOCKSIZE);
  if (isErrno(bp)) return bp;
  const candidate = decodeSuperblock(bp.data, location);
  yield* brelse(bp, BC_NOCACHE);
  if (candidate === undefined || candidate instanceof Fs) return candidate;
  printf(`ffs: superblock at ${location}: ${candidate.refused}\n`);
  return undefined;
}

/** Tries all candidates; an error with one says nothing of the next. Errors: EINVAL. */
export function* ffs_findsuperblock(devvp: Vnode): Generator<void, Fs | Errno, void> {
  for (const location of SBLOCKSEARCH) {
    const fs = yield* ffs_trysuperblock(devvp, location);
    if (fs instanceof Fs) return fs;
  }
  return EINVAL;
}
