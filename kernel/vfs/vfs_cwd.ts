/**
 * Current and root directory of a process, and its umask. Follows NetBSD sys/kern/vfs_cwd.c and
 * sys/sys/filedesc.h (struct cwdinfo).
 *
 * A process that never asked has none and means "/" and 022; the record is made when touched.
 */

import type { Proc } from '../kern/proc.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import type { MaySleep } from '../maysleep.ts';
import { done } from '../hooks.ts';
import { vfs_of } from './vfs_init.ts';
import { vref, vrele } from './vfs_vnode.ts';
import type { Vnode } from './vnode.ts';

/** The umask that init(8) starts with. */
const CMASK = 0o022;

export class Cwdinfo {
  /** The current directory, referenced. */
  cdir: Vnode;
  /** The root directory after chroot(2), referenced; null for the kernel's. */
  rdir: Vnode | null = null;
  /** Bits that are taken from the mode of new files. */
  cmask = CMASK;
  /** Processes that share it: rfork(RFCFDG). */
  refcnt = 1;

  constructor(cdir: Vnode) {
    this.cdir = cdir;
  }
}

/** The record of a process. */
export function cwdinfo(p: Proc): Cwdinfo {
  return p.cwdi ?? makeCwdinfo(p);
}

function makeCwdinfo(p: Proc): Cwdinfo {
  const root = vfs_of(p.kernel).rootvnode;
  KASSERT(root !== null, 'a process uses a directory before the root file system is mounted');
  vref(root);
  p.cwdi = new Cwdinfo(root);
  return p.cwdi;
}

/** Changes the current directory; gives the old one, with its reference. */
export function cwd_setdir(cwdi: Cwdinfo, vp: Vnode): Vnode {
  const old = cwdi.cdir;
  cwdi.cdir = vp;
  return old;
}

/** Changes the root directory; gives the old one, with its reference. */
export function cwd_setroot(cwdi: Cwdinfo, vp: Vnode): Vnode | null {
  const old = cwdi.rdir;
  cwdi.rdir = vp;
  return old;
}

/** cwdinit(9): gives a new process a copy of its parent's directories. */
export function cwdinit(p: Proc, parent: Proc): void {
  const from = parent.cwdi;
  if (from === null) return;
  vref(from.cdir);
  const copy = new Cwdinfo(from.cdir);
  if (from.rdir !== null) vref(from.rdir);
  copy.rdir = from.rdir;
  copy.cmask = from.cmask;
  p.cwdi = copy;
}

/** cwdshare(9): lets a new process use its parent's directories. */
export function cwdshare(p: Proc, parent: Proc): void {
  const shared = cwdinfo(parent);
  shared.refcnt++;
  p.cwdi = shared;
}

/** cwdfree(9): an exiting process gives its directories back. */
export function cwdfree(p: Proc): MaySleep<void> {
  const cwdi = p.cwdi;
  p.cwdi = null;
  if (cwdi === null || --cwdi.refcnt > 0) return done(undefined);
  return cwdrele(cwdi);
}

function* cwdrele(cwdi: Cwdinfo): Generator<void, void, void> {
  if (cwdi.rdir !== null) yield* vrele(cwdi.rdir);
  yield* vrele(cwdi.cdir);
}
