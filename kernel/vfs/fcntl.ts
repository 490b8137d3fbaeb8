/**
 * Flags of open(2), access(2) and lseek(2). Follows NetBSD sys/sys/fcntl.h and sys/unistd.h.
 */

export const O_RDONLY = 0x00000000;
export const O_WRONLY = 0x00000001;
export const O_RDWR = 0x00000002;
export const O_ACCMODE = 0x00000003;
export const O_NONBLOCK = 0x00000004;
export const O_APPEND = 0x00000008;
export const O_SHLOCK = 0x00000010;
export const O_EXLOCK = 0x00000020;
export const O_ASYNC = 0x00000040;
export const O_SYNC = 0x00000080;
export const O_NOFOLLOW = 0x00000100;
export const O_CREAT = 0x00000200;
export const O_TRUNC = 0x00000400;
export const O_EXCL = 0x00000800;
export const O_NOCTTY = 0x00008000;
export const O_DSYNC = 0x00010000;
export const O_RSYNC = 0x00020000;
export const O_DIRECT = 0x00080000;
export const O_DIRECTORY = 0x00200000;
export const O_CLOEXEC = 0x00400000;

/** Open flags as an open file keeps them: FREAD and FWRITE are one more than the access mode. */
export function FFLAGS(oflags: number): number {
  return oflags + 1;
}

/** And back. */
export function OFLAGS(fflags: number): number {
  return fflags - 1;
}

export const SEEK_SET = 0;
export const SEEK_CUR = 1;
export const SEEK_END = 2;

export const F_OK = 0;
export const X_OK = 0x01;
export const W_OK = 0x02;
export const R_OK = 0x04;

/** "The current directory", for the *at calls. */
export const AT_FDCWD = -100;
export const AT_EACCESS = 0x100;
export const AT_SYMLINK_NOFOLLOW = 0x200;
export const AT_REMOVEDIR = 0x800;
