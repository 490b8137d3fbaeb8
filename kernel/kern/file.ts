/**
 * Open files: file(9). Follows NetBSD sys/sys/file.h.
 *
 * A File is what descriptors refer to. Its operation vector says what kind it is: vnodes (vfs),
 * pipes (sys_pipe.ts), the console (kern_file_console.ts), and whatever a component adds.
 *
 * Differs  fo_read and fo_write take the offset in the uio: with FOF_UPDATE_OFFSET the operation
 *          itself starts at `fp.offset` and stores the new one there, under its own lock.
 *          No f_lock: `count` only changes in plain functions, which are one step here.
 */

import { inOneStep } from '../accesses.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Stat } from '../vfs/stat.ts';
import type { Uio } from '../vfs/uio.ts';
import type { Errno } from './errno.ts';
import type { Cred } from './proc.ts';

/** Kinds of files: sys/sys/file.h. */
export const DTYPE_VNODE = 1;
export const DTYPE_SOCKET = 2;
export const DTYPE_PIPE = 3;
export const DTYPE_KQUEUE = 4;
export const DTYPE_MISC = 5;
export type FileType = 1 | 2 | 3 | 4 | 5;

/** Bits of `File.flag` beside those of open(2): sys/sys/fcntl.h. */
export const FREAD = 0x00000001;
export const FWRITE = 0x00000002;
export const FNONBLOCK = 0x00000004;
export const FAPPEND = 0x00000008;

/** fo_read, fo_write: start at the file's own offset and move it. */
export const FOF_UPDATE_OFFSET = 0x0001;

/** ioctl(2) commands of every file: sys/sys/filio.h. */
export const FIOCLEX = 0x20006601;
export const FIONCLEX = 0x20006602;
export const FIOASYNC = 0x8004667d;
export const FIONBIO = 0x8004667e;
export const FIONREAD = 0x4004667f;

/** Argument of an ioctl: FIONREAD stores its answer here, FIONBIO takes its value from here. */
export interface IoctlData {
  value: number;
}

/** struct fileops: what can be done with an open file. */
export interface FileOps {
  readonly name: string;
  read(fp: File, uio: Uio, cred: Cred, flags: number): MaySleep<Errno | undefined>;
  write(fp: File, uio: Uio, cred: Cred, flags: number): MaySleep<Errno | undefined>;
  ioctl(fp: File, command: number, data: IoctlData): MaySleep<Errno | undefined>;
  fcntl(fp: File, command: number, arg: number): MaySleep<Errno | undefined>;
  stat(fp: File): MaySleep<Stat | Errno>;
  /** The last reference is gone. */
  close(fp: File): MaySleep<Errno | undefined>;
  /**
   * A descriptor of the file is closed while others use it, and `fp.closing` says so: ends their
   * sleeps with ERESTART. Whoever is about to sleep there looks at `closing` first.
   */
  restart(fp: File): MaySleep<void>;
  /** lseek(2); absent where the answer is ESPIPE. Gives the new offset. */
  seek?(fp: File, delta: number, whence: number, cred: Cred): MaySleep<number | Errno>;
}

export class File {
  ops: FileOps | null = null;
  type: FileType = DTYPE_MISC;
  /** FREAD, FWRITE and the status flags. */
  flag = 0;
  /** Vnode, Pipe or whatever `ops` works on. */
  data: unknown = null;
  /** Credentials of the opener. */
  cred: Cred;
  advice = 0;
  /** Bytes; guarded by the lock of what `data` is. */
  offset = 0;
  /** Descriptors that refer to it. */
  count = 0;
  /** Descriptors that wait for their users to leave; see FileOps.restart. */
  closing = 0;

  constructor(cred: Cred) {
    this.cred = cred;
  }
}

// NetBSD: f_lock.
inOneStep(File, 'count', 'closing', 'flag');
