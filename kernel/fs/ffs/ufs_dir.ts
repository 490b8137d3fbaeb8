/**
 * Directories of FFS: looking up and listing. Follows NetBSD sys/ufs/ufs/ufs_lookup.c, dir.h and
 * ufs_readdir() of ufs_vnops.c.
 *
 * A directory is a file of 512-byte chunks; entries fill a chunk and never cross into the next:
 *
 *   u32 inode (0: unused)   u16 length of the entry   u8 type   u8 length of the name   name, NUL
 *
 * The old format, of file systems older than 4.4BSD, has a u16 for the name's length instead of
 * type and length. A damaged entry answers EIO and says where it is; NetBSD goes on with the next
 * chunk of a read-only file system, which can hide that names are missing.
 */

import { EINVAL, EIO, ENOENT, type Errno, isErrno } from '../../kern/errno.ts';
import type { Cred } from '../../kern/proc.ts';
import { printf } from '../../kern/subr_prf.ts';
import { DT_UNKNOWN, type DirUio, dirent_add } from '../../vfs/dirent.ts';
import { type ComponentName, NAME_MAX } from '../../vfs/namei.ts';
import { bread, brelse } from '../../vfs/vfs_bio.ts';
import { cache_enter, cache_lookup } from '../../vfs/vfs_cache.ts';
import { vcache_get } from '../../vfs/vfs_vnode.ts';
import type { Vnode } from '../../vfs/vnode.ts';
import { decodeName, rd16, rd32 } from './bytes.ts';
import { type Inode, VTOI } from './inode.ts';
import { blksize } from './ufs_bmap.ts';

export const UFS_DIRBLKSIZ = 512;
/** Bytes before the name. */
const HEADER = 8;

/** An entry, as it lies in a block. */
interface Entry {
  readonly ino: number;
  readonly type: number;
  readonly name: string;
  readonly reclen: number;
}

/** Reads the entry at `at` of a block. What is wrong with it, if anything, as text. */
function decodeEntry(ip: Inode, data: Uint8Array, at: number): Entry | string {
  const { fs } = ip.ump;
  const order = fs.order;
  const room = UFS_DIRBLKSIZ - (at % UFS_DIRBLKSIZ);
  const reclen = rd16(data, at + 4, order);
  const old = fs.maxsymlinklen === 0;
  const namlen = old ? rd16(data, at + 6, order) : data[at + 7];
  const ino = rd32(data, at, order);
  if (reclen < HEADER + 1 || reclen % 4 !== 0 || reclen > room) return `length ${reclen}`;
  if (ino === 0) return { ino, type: 0, name: '', reclen };
  if (namlen === 0 || namlen > NAME_MAX || HEADER + namlen > reclen) return `name of ${namlen}`;
  if (ino >= fs.ncg * fs.ipg) return `inode ${ino}`;
  const name = decodeName(data, at + HEADER, namlen);
  if (name.includes('/') || name.includes('\0')) return 'a name with a slash or NUL';
  return { ino, type: old ? DT_UNKNOWN : data[at + 6], name, reclen };
}

/** Says that a directory is damaged: ufs_dirbad(). */
function ufs_dirbad(ip: Inode, offset: number, how: string): Errno {
  printf(`ffs: bad dir, inode ${ip.number} at offset ${offset}: ${how}\n`);
  return EIO;
}

/** What to do with an entry at an offset: go on, or end with a value. */
type Visit<T> = (entry: Entry, offset: number) => T | undefined;

/** Shows the entries from `start`, the beginning of a chunk, until `visit` gives a value. */
function* eachEntry<T>(
  vp: Vnode,
  start: number,
  visit: Visit<T>,
): Generator<void, T | Errno | undefined, void> {
  const ip = VTOI(vp);
  const { bsize } = ip.ump.fs;
  for (let offset = start; offset < ip.size; ) {
    const lbn = Math.floor(offset / bsize);
    const bp = yield* bread(vp, lbn, blksize(ip.ump.fs, ip, lbn));
    if (isErrno(bp)) return bp;
    const end = Math.min(ip.size, lbn * bsize + bp.data.length);
    const value = visitBlock(ip, bp.data, offset, end, visit);
    yield* brelse(bp, 0);
    if (value !== undefined) return value;
    offset = (lbn + 1) * bsize;
  }
  return undefined;
}

function visitBlock<T>(
  ip: Inode,
  data: Uint8Array,
  start: number,
  end: number,
  visit: Visit<T>,
): T | Errno | undefined {
  const { bsize } = ip.ump.fs;
  for (let offset = start; offset < end; ) {
    const entry = decodeEntry(ip, data, offset % bsize);
    if (typeof entry === 'string') return ufs_dirbad(ip, offset, entry);
    const value = entry.ino === 0 ? undefined : visit(entry, offset);
    if (value !== undefined) return value;
    offset += entry.reclen;
  }
  return undefined;
}

/** VOP_LOOKUP. Errors: ENOENT, EIO. */
export function* ufs_lookup(dvp: Vnode, cnp: ComponentName): Generator<void, Vnode | Errno, void> {
  const name = cnp.name;
  const cached = cache_lookup(dvp, name);
  if (cached === null) return ENOENT;
  if (cached !== undefined) return cached;
  const ino = yield* eachEntry(dvp, 0, (entry) => (entry.name === name ? entry.ino : undefined));
  if (isErrno(ino)) return ino;
  if (ino === undefined) {
    cache_enter(dvp, null, cnp);
    return ENOENT;
  }
  const vp = yield* vcache_get(dvp.mount, ino);
  if (!isErrno(vp)) cache_enter(dvp, vp, cnp);
  return vp;
}

/** VOP_READDIR: offsets are those of the directory's bytes. Errors: EINVAL, EIO. */
export function* ufs_readdir(
  vp: Vnode,
  uio: DirUio,
  _cred: Cred,
): Generator<void, Errno | undefined, void> {
  const from = uio.offset;
  const before = uio.entries.length;
  const chunk = from - (from % UFS_DIRBLKSIZ);
  const full = yield* eachEntry(vp, chunk, (entry, offset) => {
    if (offset < from) return undefined;
    const next = offset + entry.reclen;
    return dirent_add(uio, entry.ino, entry.type, entry.name, next) ? undefined : 'full';
  });
  if (isErrno(full)) return full;
  if (full === undefined) uio.eof = true;
  return full === 'full' && uio.entries.length === before ? EINVAL : undefined;
}
