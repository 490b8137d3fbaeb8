/**
 * Taking a path apart, for namei(). Follows NetBSD sys/kern/vfs_lookup.c (lookup_parsepath).
 */

import { ENAMETOOLONG, type Errno } from '../kern/errno.ts';
import {
  FOLLOW,
  ISDOTDOT,
  ISLASTCN,
  LOCKPARENT,
  LOOKUP,
  MAKEENTRY,
  NAME_MAX,
  type Nameidata,
  REQUIREDIR,
} from './namei.ts';
import { LK_EXCLUSIVE, LK_SHARED } from './vnode.ts';

/** Bits of a component that each new component starts without. */
const PER_COMPONENT = ISLASTCN | ISDOTDOT | REQUIREDIR | MAKEENTRY;

/** How to lock the directory that the current component is looked up in. */
export function lockmode(nd: Nameidata): number {
  const { nameiop, flags } = nd.cnd;
  const change = nameiop !== LOOKUP || (flags & LOCKPARENT) !== 0;
  return change && (flags & ISLASTCN) !== 0 ? LK_EXCLUSIVE : LK_SHARED;
}

/** Whether a symbolic link found now is to be followed. */
export function follows(nd: Nameidata): boolean {
  const flags = nd.cnd.flags;
  return (flags & ISLASTCN) === 0 || (flags & (FOLLOW | REQUIREDIR)) !== 0;
}

/** Takes the next component off the path: its name, and whether it is the last. */
export function lookup_parsepath(nd: Nameidata): Errno | undefined {
  const { path, cnd } = nd;
  const start = nd.next === 0 ? past_slashes(path, 0) : nd.next;
  const end = path.indexOf('/', start);
  const name = end < 0 ? path.slice(start) : path.slice(start, end);
  let flags = (cnd.flags & ~PER_COMPONENT) | MAKEENTRY;
  if (end < 0) {
    nd.next = path.length;
    flags |= ISLASTCN;
  } else {
    nd.next = past_slashes(path, end);
    if (nd.next === path.length) flags |= ISLASTCN | REQUIREDIR;
  }
  cnd.flags = name === '..' ? flags | ISDOTDOT : flags;
  cnd.name = name === '' ? '.' : name;
  return name.length * 3 > NAME_MAX && utf8_length(name) > NAME_MAX ? ENAMETOOLONG : undefined;
}

/** The first position from `at` on without a slash: mostly there is one slash, or none. */
function past_slashes(path: string, at: number): number {
  if (path.charCodeAt(at) !== 47) return at;
  let next = at + 1;
  while (path.charCodeAt(next) === 47) next++;
  return next;
}

/** Bytes of a name on disk. */
export function utf8_length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
