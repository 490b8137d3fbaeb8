/**
 * Directory entries: dirent(3), getdents(2). Follows NetBSD sys/sys/dirent.h.
 *
 * Differs  Entries are records; `resid` counts the bytes that NetBSD's would take.
 */

import type { VType } from './vnode.ts';

/** Types of an entry. */
export const DT_UNKNOWN = 0;
export const DT_FIFO = 1;
export const DT_CHR = 2;
export const DT_DIR = 4;
export const DT_BLK = 6;
export const DT_REG = 8;
export const DT_LNK = 10;
export const DT_SOCK = 12;

const VTYPE_TO_DT: readonly number[] = [
  0,
  DT_REG,
  DT_DIR,
  DT_BLK,
  DT_CHR,
  DT_LNK,
  DT_SOCK,
  DT_FIFO,
  0,
];

/** The entry type for a vnode type: vtype2dt(). */
export function vtype2dt(type: VType): number {
  return VTYPE_TO_DT[type];
}

export class Dirent {
  /** Inode number. */
  fileno: number;
  /** DT_* */
  type: number;
  name: string;

  constructor(fileno: number, type: number, name: string) {
    this.fileno = fileno;
    this.type = type;
    this.name = name;
  }
}

/** What VOP_READDIR fills: the uio of a directory. */
export class DirUio {
  /** Where to go on: 0, or what the last readdir left here (a cookie of the file system). */
  offset: number;
  /** Room left, bytes. */
  resid: number;
  entries: Dirent[] = [];
  /** No entries follow. */
  eof = false;

  constructor(offset: number, resid: number) {
    this.offset = offset;
    this.resid = resid;
  }
}

/** Bytes of struct dirent before its name, and the alignment of the whole. */
const DIRENT_HEADER = 13;

/** Bytes an entry takes: _DIRENT_RECLEN. */
export function dirent_reclen(name: string): number {
  return (DIRENT_HEADER + name.length + 1 + 7) & ~7;
}

/**
 * Adds an entry; `next` is the offset from which the following one is read. False, and nothing is
 * changed, when there is no room.
 */
export function dirent_add(
  uio: DirUio,
  fileno: number,
  type: number,
  name: string,
  next: number,
): boolean {
  const reclen = dirent_reclen(name);
  if (uio.resid < reclen) return false;
  uio.entries.push(new Dirent(fileno, type, name));
  uio.resid -= reclen;
  uio.offset = next;
  return true;
}
