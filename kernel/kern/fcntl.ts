/**
 * Commands of fcntl(2). Follows NetBSD sys/sys/fcntl.h; the flags of open(2) are in vfs/fcntl.ts.
 */

import { O_ASYNC, O_DIRECT, O_DSYNC, O_RSYNC, O_SYNC } from '../vfs/fcntl.ts';
import { FAPPEND, FNONBLOCK } from './file.ts';

export const F_DUPFD = 0;
export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_CLOSEM = 10;
export const F_MAXFD = 11;
export const F_DUPFD_CLOEXEC = 12;

/** The descriptor's one flag: F_GETFD, F_SETFD. */
export const FD_CLOEXEC = 1;

/** The flags that F_SETFL may change. */
export const FCNTLFLAGS = FAPPEND | FNONBLOCK | O_ASYNC | O_SYNC | O_DSYNC | O_RSYNC | O_DIRECT;
