/**
 * What a vnode operation does when its file system says nothing else. Follows NetBSD
 * sys/miscfs/genfs/genfs_vnops.c.
 */

import { done, hooks } from '../hooks.ts';
import {
  EBADF,
  EBUSY,
  EINVAL,
  EISDIR,
  ENOTDIR,
  ENOTTY,
  EOPNOTSUPP,
  type Errno,
} from '../kern/errno.ts';
import {
  RW_READER,
  RW_WRITER,
  rw_enter,
  rw_exit,
  rw_op,
  rw_tryenter,
} from '../kern/kern_rwlock.ts';
import { mi_switch } from '../kern/kern_sleepq.ts';
import type { MaySleep } from '../maysleep.ts';
import { POLLIN, POLLOUT } from './poll.ts';
import { LK_NOWAIT, LK_SHARED, VDIR, type Vnode } from './vnode.ts';

type Status = MaySleep<Errno | undefined>;

/** Answers EOPNOTSUPP. */
export function genfs_eopnotsupp(): MaySleep<Errno> {
  return done(EOPNOTSUPP);
}

/** Answers EBADF: operations that no caller should reach on this kind of vnode. */
export function genfs_ebadf(): MaySleep<Errno> {
  return done(EBADF);
}

/** Answers EINVAL. */
export function genfs_einval(): MaySleep<Errno> {
  return done(EINVAL);
}

/** Does nothing, with success. */
export function genfs_nullop(): Status {
  return done(undefined);
}

function genfs_enotty(): MaySleep<Errno> {
  return done(ENOTTY);
}

function genfs_enotdir(): MaySleep<Errno> {
  return done(ENOTDIR);
}

/** Reading or writing what cannot be read or written: EISDIR for a directory. */
function genfs_badrw(vp: Vnode): MaySleep<Errno> {
  return done(vp.type === VDIR ? EISDIR : EOPNOTSUPP);
}

/** A regular file is always ready. */
export function genfs_poll(_vp: Vnode, events: number): number {
  return events & (POLLIN | POLLOUT);
}

/** Any whole number that is not negative will do. Errors: EINVAL. */
export function genfs_seek(_vp: Vnode, _oldOffset: number, newOffset: number): Status {
  return done(newOffset >= 0 && Number.isSafeInteger(newOffset) ? undefined : EINVAL);
}

/** Nothing to tidy up; the file stays. */
export function genfs_inactive(): MaySleep<boolean> {
  return done(false);
}

/** genfs_inactive() does nothing. */
function genfs_idle(): boolean {
  return true;
}

/** For an `inactive` that must always be asked. */
export function genfs_notidle(): boolean {
  return false;
}

/** Takes the vnode lock. Errors: EBUSY with LK_NOWAIT. */
export function genfs_lock(vp: Vnode, flags: number): Status {
  const op = (flags & LK_SHARED) !== 0 ? RW_READER : RW_WRITER;
  if ((flags & LK_NOWAIT) !== 0) return done(rw_tryenter(vp.lock, op) ? undefined : EBUSY);
  if (!hooks.point(rw_op(op), vp.lock) && rw_tryenter(vp.lock, op)) return done(undefined);
  return genfs_lock_wait(vp, flags);
}

function* genfs_lock_wait(vp: Vnode, flags: number): Generator<void, undefined, void> {
  if (hooks.takeYield()) yield* mi_switch();
  yield* rw_enter(vp.lock, (flags & LK_SHARED) !== 0 ? RW_READER : RW_WRITER);
  return undefined;
}

/** Gives the vnode lock back. */
export function genfs_unlock(vp: Vnode): void {
  rw_exit(vp.lock);
}

/** pathconf(2) values that hold for every file system. */
export const _PC_LINK_MAX = 1;
export const _PC_MAX_CANON = 2;
export const _PC_MAX_INPUT = 3;
export const _PC_NAME_MAX = 4;
export const _PC_PATH_MAX = 5;
export const _PC_PIPE_BUF = 6;
export const _PC_CHOWN_RESTRICTED = 7;
export const _PC_NO_TRUNC = 8;
export const _PC_VDISABLE = 9;
export const _PC_SYNC_IO = 10;
export const _PC_FILESIZEBITS = 11;
export const _PC_SYMLINK_MAX = 12;
export const _PC_2_SYMLINKS = 13;

/** pathconf(2). Errors: EINVAL for a name that is not known. */
export function genfs_pathconf(_vp: Vnode, name: number): MaySleep<number | Errno> {
  switch (name) {
    case _PC_LINK_MAX:
      return done(32767);
    case _PC_NAME_MAX:
      return done(255);
    case _PC_PATH_MAX:
    case _PC_SYMLINK_MAX:
      return done(1024);
    case _PC_PIPE_BUF:
      return done(512);
    case _PC_CHOWN_RESTRICTED:
    case _PC_NO_TRUNC:
    case _PC_SYNC_IO:
    case _PC_2_SYMLINKS:
      return done(1);
    case _PC_FILESIZEBITS:
      return done(54);
    default:
      return done(EINVAL);
  }
}

/** Every operation, in one order, so that all vectors have one shape. */
export const genfs_defaults = {
  name: 'genfs',
  lookup: genfs_enotdir,
  create: genfs_eopnotsupp,
  mknod: genfs_eopnotsupp,
  open: genfs_nullop,
  close: genfs_nullop,
  access: genfs_nullop,
  getattr: genfs_eopnotsupp,
  setattr: genfs_eopnotsupp,
  read: genfs_badrw,
  write: genfs_badrw,
  ioctl: genfs_enotty,
  poll: genfs_poll,
  revoke: genfs_eopnotsupp,
  fsync: genfs_nullop,
  seek: genfs_seek,
  remove: genfs_eopnotsupp,
  link: genfs_eopnotsupp,
  rename: genfs_eopnotsupp,
  mkdir: genfs_eopnotsupp,
  rmdir: genfs_eopnotsupp,
  symlink: genfs_eopnotsupp,
  readdir: genfs_enotdir,
  readlink: genfs_einval,
  idle: genfs_idle,
  inactive: genfs_inactive,
  reclaim: genfs_nullop,
  lock: genfs_lock,
  unlock: genfs_unlock,
  bmap: genfs_eopnotsupp,
  strategy: genfs_eopnotsupp,
  pathconf: genfs_pathconf,
  advlock: genfs_einval,
};
