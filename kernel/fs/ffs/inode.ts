/**
 * Inodes of FFSv1, in memory and on disk: inode(5). Follows NetBSD sys/ufs/ufs/dinode.h
 * (struct ufs1_dinode) and sys/ufs/ufs/inode.h.
 */

import type { Vnode } from '../../vfs/vnode.ts';
import { rd16, rd32, rd64, rds32 } from './bytes.ts';
import { type Fs, UFS_NDADDR, UFS_NIADDR } from './fs.ts';

/** What a mount of FFS has: struct ufsmount. */
export class UfsMount {
  fs: Fs;
  /** The device, open while it is mounted. */
  devvp: Vnode;
  /** Bytes of the device: nothing on it can be larger. */
  deviceBytes: number;

  constructor(fs: Fs, devvp: Vnode, deviceBytes: number) {
    this.fs = fs;
    this.devvp = devvp;
    this.deviceBytes = deviceBytes;
  }
}

export class Inode {
  ump: UfsMount;
  number: number;
  mode = 0;
  nlink = 0;
  size = 0;
  uid = 0;
  gid = 0;
  /** Times, ns since 1970. */
  atime = 0;
  mtime = 0;
  ctime = 0;
  /** Addresses of direct blocks, and of the roots of indirect ones: fragments, 0 for a hole. */
  db: number[] = [];
  ib: number[] = [];
  flags = 0;
  /** Storage, in 512-byte blocks. */
  blocks = 0;
  gen = 0;
  /** The addresses as bytes, where a short symbolic link is kept. */
  shortlink: Uint8Array;

  constructor(ump: UfsMount, number: number, shortlink: Uint8Array) {
    this.ump = ump;
    this.number = number;
    this.shortlink = shortlink;
  }
}

/** Offset of the addresses in an inode on disk. */
const DB_OFFSET = 40;

/** Reads an inode from its place in a block. Nothing is checked here. */
export function decodeInode(ump: UfsMount, ino: number, block: Uint8Array, at: number): Inode {
  const order = ump.fs.order;
  const addressBytes = 4 * (UFS_NDADDR + UFS_NIADDR);
  const shortlink = block.slice(at + DB_OFFSET, at + DB_OFFSET + addressBytes);
  const ip = new Inode(ump, ino, shortlink);
  const time = (offset: number): number => {
    const nsec = rd32(block, at + offset + 4, order);
    return rds32(block, at + offset, order) * 1e9 + (nsec < 1e9 ? nsec : 0);
  };
  ip.mode = rd16(block, at, order);
  ip.nlink = rd16(block, at + 2, order);
  ip.size = rd64(block, at + 8, order);
  ip.atime = time(16);
  ip.mtime = time(24);
  ip.ctime = time(32);
  for (let i = 0; i < UFS_NDADDR; i++) ip.db.push(rds32(shortlink, 4 * i, order));
  for (let i = UFS_NDADDR; i < UFS_NDADDR + UFS_NIADDR; i++) {
    ip.ib.push(rds32(shortlink, 4 * i, order));
  }
  ip.flags = rd32(block, at + 100, order);
  ip.blocks = rd32(block, at + 104, order);
  ip.gen = rds32(block, at + 108, order);
  ip.uid = rd32(block, at + 112, order);
  ip.gid = rd32(block, at + 116, order);
  return ip;
}

/** The inode of a vnode of FFS. */
export function VTOI(vp: Vnode): Inode {
  return vp.data as Inode;
}
