/**
 * What stat(2) tells of a file, and its modes. Follows NetBSD sys/sys/stat.h.
 */

import { VBLK, VCHR, VDIR, VFIFO, VLNK, VNON, VREG, VSOCK, type VType } from './vnode.ts';

export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;
export const S_ISTXT = 0o1000;
export const S_IRWXU = 0o700;
export const S_IRUSR = 0o400;
export const S_IWUSR = 0o200;
export const S_IXUSR = 0o100;
export const S_IRWXG = 0o070;
export const S_IRGRP = 0o040;
export const S_IWGRP = 0o020;
export const S_IXGRP = 0o010;
export const S_IRWXO = 0o007;
export const S_IROTH = 0o004;
export const S_IWOTH = 0o002;
export const S_IXOTH = 0o001;

export const S_IFMT = 0o170000;
export const S_IFIFO = 0o010000;
export const S_IFCHR = 0o020000;
export const S_IFDIR = 0o040000;
export const S_IFBLK = 0o060000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;
export const S_IFSOCK = 0o140000;

/** All bits that chmod(2) may set, and those of access alone. */
export const ALLPERMS = 0o7777;
export const ACCESSPERMS = 0o777;

/** File flags of chflags(2) that keep a file from being changed, or let it only grow. */
export const UF_IMMUTABLE = 0x00000002;
export const UF_APPEND = 0x00000004;
export const SF_IMMUTABLE = 0x00020000;
export const SF_APPEND = 0x00040000;
export const IMMUTABLE = UF_IMMUTABLE | SF_IMMUTABLE;
export const APPEND = UF_APPEND | SF_APPEND;

/** Arguments of utimensat(2) instead of a time. */
export const UTIME_NOW = -2;
export const UTIME_OMIT = -1;

/** struct stat, without the prefix of its fields. */
export class Stat {
  /** File system it is on. */
  dev = 0;
  /** Inode number. */
  ino = 0;
  /** Type (S_IFMT) and permissions. */
  mode = 0;
  nlink = 0;
  uid = 0;
  gid = 0;
  rdev = 0;
  /** Bytes. */
  size = 0;
  /** Storage used, in 512-byte blocks. */
  blocks = 0;
  /** Best size of a transfer, bytes. */
  blksize = 0;
  /** Times, ns since 1970. */
  atime = 0;
  mtime = 0;
  ctime = 0;
  birthtime = 0;
  flags = 0;
  gen = 0;
}

const VTTOIF: readonly number[] = [
  0,
  S_IFREG,
  S_IFDIR,
  S_IFBLK,
  S_IFCHR,
  S_IFLNK,
  S_IFSOCK,
  S_IFIFO,
  0,
];

/** The S_IFMT bits of a vnode type: vttoif_tab. */
export function vttoif(type: VType): number {
  return VTTOIF[type];
}

/** The vnode type of a mode: iftovt_tab. */
export function iftovt(mode: number): VType {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return VREG;
    case S_IFDIR:
      return VDIR;
    case S_IFBLK:
      return VBLK;
    case S_IFCHR:
      return VCHR;
    case S_IFLNK:
      return VLNK;
    case S_IFSOCK:
      return VSOCK;
    case S_IFIFO:
      return VFIFO;
    default:
      return VNON;
  }
}

export function S_ISDIR(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

export function S_ISREG(mode: number): boolean {
  return (mode & S_IFMT) === S_IFREG;
}

export function S_ISLNK(mode: number): boolean {
  return (mode & S_IFMT) === S_IFLNK;
}

export function S_ISFIFO(mode: number): boolean {
  return (mode & S_IFMT) === S_IFIFO;
}
