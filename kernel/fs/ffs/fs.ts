/**
 * The superblock of FFS: fs(5). Follows NetBSD sys/ufs/ffs/fs.h and ffs_superblock_validate() of
 * ffs_vfsops.c.
 *
 * What is read here is foreign: every number is checked before anything is computed from it, so
 * that a damaged or hostile image can be refused, but not hang or exhaust the kernel. One image
 * made by makefs -t ffs -s 48k -o bsize=4096,fsize=512,version=1:
 *
 *   bsize 4096, fsize 512, frag 8, size 96 fragments, 1 group of 96 fragments and 64 inodes,
 *   superblock at 8192, inodes from fragment 40
 */

import { type Order, rd32, rd64, rds32 } from './bytes.ts';

export const FS_UFS1_MAGIC = 0x011954;
export const FS_UFS2_MAGIC = 0x19540119;
/** Room for a superblock, and the bytes of it that are in use. */
export const SBLOCKSIZE = 8192;
const SBLOCK_USED = 1376;

/** Where a superblock may be, bytes: the order of SBLOCKSEARCH. */
export const SBLOCK_UFS2 = 65536;
export const SBLOCK_UFS1 = 8192;
export const SBLOCK_FLOPPY = 0;
export const SBLOCK_PIGGY = 262144;
export const SBLOCKSEARCH: readonly number[] = [
  SBLOCK_UFS2,
  SBLOCK_UFS1,
  SBLOCK_FLOPPY,
  SBLOCK_PIGGY,
];

/** Inode of the root directory. */
export const UFS_ROOTINO = 2;
/** Block addresses in an inode. */
export const UFS_NDADDR = 12;
export const UFS_NIADDR = 3;
/** Bytes of an inode on disk, of an address, and of a short symbolic link at most. */
export const DINODE1_SIZE = 128;
const ADDRESS_BYTES = 4;
const MAXSYMLINKLEN = (UFS_NDADDR + UFS_NIADDR) * ADDRESS_BYTES;
const MINBSIZE = 4096;
const MAXBSIZE = 65536;
const MAXFRAG = 8;
/** Bit of old_flags: the fields added with UFS2 are in use. */
const FS_FLAGS_UPDATED = 0x80;

/** What is kept of a superblock: struct fs. Sizes in bytes unless said otherwise. */
export class Fs {
  order: Order;
  /** Where it was found, bytes. */
  sblockloc: number;
  bsize = 0;
  fsize = 0;
  /** Fragments in a block. */
  frag = 0;
  /** Shift from fragments to device blocks. */
  fsbtodb = 0;
  /** Fragments of the file system, and of them for data. */
  size = 0;
  dsize = 0;
  /** Cylinder groups; fragments and inodes of each. */
  ncg = 0;
  fpg = 0;
  ipg = 0;
  /** Fragment of a group where its inodes begin. */
  iblkno = 0;
  cgoffset = 0;
  cgmask = 0;
  /** Inodes and addresses in a block. */
  inopb = 0;
  nindir = 0;
  minfree = 0;
  /** Short symbolic links are shorter; 0 also means directories of the old format. */
  maxsymlinklen = 0;
  maxfilesize = 0;
  nbfree = 0;
  nffree = 0;
  nifree = 0;

  constructor(order: Order, sblockloc: number) {
    this.order = order;
    this.sblockloc = sblockloc;
  }
}

/** What a candidate is: a superblock, nothing of the kind, or one that cannot be used. */
export type Candidate = Fs | undefined | { readonly refused: string };

/** The byte order of a superblock, by its magic number. */
function orderOf(bytes: Uint8Array): Order | 'ufs2' | undefined {
  for (const order of ['little', 'big'] as const) {
    const magic = rd32(bytes, 1372, order);
    if (magic === FS_UFS1_MAGIC) return order;
    if (magic === FS_UFS2_MAGIC) return 'ufs2';
  }
  return undefined;
}

/** Reads a candidate, found at `location` of the device. */
export function decodeSuperblock(bytes: Uint8Array, location: number): Candidate {
  const order = orderOf(bytes);
  if (order === undefined) return undefined;
  if (order === 'ufs2') return { refused: 'FFSv2 is not supported' };
  if (location === SBLOCK_UFS2) return undefined;
  const fs = new Fs(order, location);
  const updated = (bytes[211] & FS_FLAGS_UPDATED) !== 0;
  if (updated && rd64(bytes, 1000, order) !== location) return undefined;
  readGeometry(fs, bytes);
  readTotals(fs, bytes, updated);
  const why = validateRaw(fs, bytes) ?? validateLayout(fs);
  return why === undefined ? fs : { refused: why };
}

function readGeometry(fs: Fs, bytes: Uint8Array): void {
  const order = fs.order;
  fs.iblkno = rds32(bytes, 16, order);
  fs.cgoffset = rds32(bytes, 24, order);
  fs.cgmask = rds32(bytes, 28, order);
  fs.ncg = rd32(bytes, 44, order);
  fs.bsize = rds32(bytes, 48, order);
  fs.fsize = rds32(bytes, 52, order);
  fs.frag = rds32(bytes, 56, order);
  fs.minfree = rds32(bytes, 60, order);
  fs.fsbtodb = rds32(bytes, 100, order);
  fs.nindir = rds32(bytes, 116, order);
  fs.inopb = rd32(bytes, 120, order);
  fs.ipg = rd32(bytes, 184, order);
  fs.fpg = rds32(bytes, 188, order);
  const newFormat = rds32(bytes, 1324, order) >= 2;
  fs.maxsymlinklen = newFormat ? rds32(bytes, 1320, order) : 0;
}

/** Sizes and what is free; older superblocks have them elsewhere. */
function readTotals(fs: Fs, bytes: Uint8Array, updated: boolean): void {
  const order = fs.order;
  fs.size = updated ? rd64(bytes, 1080, order) : rds32(bytes, 36, order);
  fs.dsize = updated ? rd64(bytes, 1088, order) : rds32(bytes, 40, order);
  fs.nbfree = updated ? rd64(bytes, 1016, order) : rds32(bytes, 196, order);
  fs.nifree = updated ? rd64(bytes, 1024, order) : rds32(bytes, 200, order);
  fs.nffree = updated ? rd64(bytes, 1032, order) : rds32(bytes, 204, order);
}

function powerOfTwo(n: number, low: number, high: number): boolean {
  return n >= low && n <= high && (n & (n - 1)) === 0;
}

/** What is wrong with the sizes; undefined when nothing is. */
function validateRaw(fs: Fs, bytes: Uint8Array): string | undefined {
  if (!powerOfTwo(fs.bsize, MINBSIZE, MAXBSIZE)) return `block size ${fs.bsize}`;
  if (!powerOfTwo(fs.fsize, 512, fs.bsize)) return `fragment size ${fs.fsize}`;
  if (fs.frag !== fs.bsize / fs.fsize || fs.frag > MAXFRAG) return `${fs.frag} fragments a block`;
  if (1 << fs.fsbtodb !== fs.fsize / 512) return `fsbtodb ${fs.fsbtodb}`;
  if (fs.inopb !== fs.bsize / DINODE1_SIZE) return `${fs.inopb} inodes a block`;
  if (fs.nindir !== fs.bsize / ADDRESS_BYTES) return `${fs.nindir} addresses a block`;
  const sbsize = rds32(bytes, 104, fs.order);
  if (sbsize < SBLOCK_USED || sbsize > SBLOCKSIZE) return `superblock of ${sbsize} bytes`;
  const { maxsymlinklen } = fs;
  if (maxsymlinklen < 0 || maxsymlinklen > MAXSYMLINKLEN) return `maxsymlinklen ${maxsymlinklen}`;
  return undefined;
}

/** What is wrong with the groups; undefined when nothing is. */
function validateLayout(fs: Fs): string | undefined {
  const { ncg, fpg, ipg, size } = fs;
  if (!(size > 0 && size < 0x80000000)) return `size of ${size} fragments`;
  if (fpg < fs.frag || fpg > size + fs.frag * MAXBSIZE) return `${fpg} fragments a group`;
  if (ncg < 1 || ncg > size || ncg * fpg < size) return `${ncg} groups`;
  if (ipg < 1 || ipg % fs.inopb !== 0 || ncg * ipg >= 0x80000000) return `${ipg} inodes a group`;
  const inodeFragments = (ipg / fs.inopb) * fs.frag;
  if (fs.iblkno < 1 || fs.iblkno + inodeFragments > fpg) return `inodes at ${fs.iblkno}`;
  if (fs.cgoffset < 0 || fs.cgoffset > fpg) return `group offset ${fs.cgoffset}`;
  const counts = [fs.dsize, fs.nbfree, fs.nffree, fs.nifree];
  if (!counts.every((count) => count >= 0 && count <= 0x80000000)) return 'counts of free blocks';
  const n = fs.nindir;
  fs.maxfilesize = (UFS_NDADDR + n + n * n + n * n * n) * fs.bsize;
  return undefined;
}

/** First fragment of a cylinder group: cgstart(). */
export function cgstart(fs: Fs, cg: number): number {
  return fs.fpg * cg + fs.cgoffset * (cg & ~fs.cgmask);
}

/** Fragment of the block that an inode is in: ino_to_fsba(). */
export function ino_to_fsba(fs: Fs, ino: number): number {
  const within = Math.floor((ino % fs.ipg) / fs.inopb);
  return cgstart(fs, Math.floor(ino / fs.ipg)) + fs.iblkno + within * fs.frag;
}

/** Device block of a fragment: FFS_FSBTODB(). */
export function fsbtodb(fs: Fs, fragment: number): number {
  return fragment * (1 << fs.fsbtodb);
}
