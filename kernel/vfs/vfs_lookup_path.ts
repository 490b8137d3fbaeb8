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
  let start = nd.next;
  while (path.charCodeAt(start) === 47) start++;
  let end = path.indexOf('/', start);
  if (end < 0) end = path.length;
  let next = end;
  while (path.charCodeAt(next) === 47) next++;
  nd.next = next;
  const name = start === 0 && end === path.length ? path : path.slice(start, end);
  cnd.name = name === '' ? '.' : name;
  cnd.flags = (cnd.flags & ~PER_COMPONENT) | MAKEENTRY;
  if (next === path.length) cnd.flags |= next > end ? ISLASTCN | REQUIREDIR : ISLASTCN;
  if (name === '..') cnd.flags |= ISDOTDOT;
  return name.length * 3 > NAME_MAX && utf8_length(name) > NAME_MAX ? ENAMETOOLONG : undefined;
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
