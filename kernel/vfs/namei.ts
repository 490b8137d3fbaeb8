/**
 * Looking up names, as records and constants: namei(9). Follows NetBSD sys/sys/namei.src.
 * The work is done in vfs_lookup.ts.
 */

import type { Cred } from '../kern/proc.ts';
import type { Vnode } from './vnode.ts';

/** What the name is wanted for: `nameiop`. */
export const LOOKUP = 0;
export const CREATE = 1;
export const DELETE = 2;
export const RENAME = 3;
export type NameiOp = 0 | 1 | 2 | 3;

/** What the caller wants: flags of a component name. */
export const LOCKLEAF = 0x00000004;
export const LOCKPARENT = 0x00000008;
export const FOLLOW = 0x00000040;
export const NOFOLLOW = 0x00000000;
/** Lock the leaf shared. */
export const LOCKSHARED = 0x00000100;
/** A directory is being made: a trailing slash is fine. */
export const CREATEDIR = 0x00000200;

/** What the lookup found, for the file system to read. */
export const ISDOTDOT = 0x00002000;
export const MAKEENTRY = 0x00004000;
export const ISLASTCN = 0x00008000;
export const REQUIREDIR = 0x00080000;

export const NAME_MAX = 255;
export const PATH_MAX = 1024;
/** Symbolic links that one lookup may follow: sys/param.h. */
export const MAXSYMLINKS = 32;

/** One component of a path: struct componentname. */
export class ComponentName {
  nameiop: NameiOp;
  flags: number;
  cred: Cred;
  /** The name itself, without slashes: cn_nameptr. */
  name = '';

  constructor(nameiop: NameiOp, flags: number, cred: Cred) {
    this.nameiop = nameiop;
    this.flags = flags;
    this.cred = cred;
  }
}

/** A lookup and its result: struct nameidata. */
export class Nameidata {
  path: string;
  cnd: ComponentName;
  /** The result; null when it does not exist (CREATE, RENAME). Referenced, locked as asked. */
  vp: Vnode | null = null;
  /** Its directory; kept (referenced, locked) with LOCKPARENT, and for all but LOOKUP. */
  dvp: Vnode | null = null;

  // While looking up.
  /** Position in `path`. */
  next = 0;
  /** Symbolic links followed. */
  loopcnt = 0;
  /** The root directory of the process. */
  rdir: Vnode | null = null;
  /** Where to start instead of the current directory. */
  atdir: Vnode | null = null;

  constructor(path: string, cnd: ComponentName) {
    this.path = path;
    this.cnd = cnd;
  }
}
