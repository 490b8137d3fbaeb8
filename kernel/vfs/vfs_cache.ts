/**
 * The name cache: namecache(9). Follows NetBSD sys/kern/vfs_cache.c.
 *
 * A directory's vnode keeps what was found in it by name, and what was found not to be there. An
 * entry holds no reference; the reclaim of either vnode takes it away.
 *
 * Locking  None: nothing here sleeps. A file system enters and purges names with the directory
 *          locked, so that an entry is never older than the directory.
 */

import type { ComponentName } from './namei.ts';
import { MAKEENTRY } from './namei.ts';
import { type Vfs, vfs_of } from './vfs_init.ts';
import { type Vnode, VS_LOADED } from './vnode.ts';

/** Entries kept for each vnode that may be in memory. */
const ENTRIES_PER_VNODE = 2;

export class Namecache {
  dvp: Vnode;
  name: string;
  /** null: there is no such name. */
  vp: Vnode | null;

  constructor(dvp: Vnode, name: string, vp: Vnode | null) {
    this.dvp = dvp;
    this.name = name;
    this.vp = vp;
  }
}

/**
 * cache_lookup(9): the vnode under a name, referenced; null when the name is known not to exist;
 * undefined when nothing is known. Locks: dvp locked.
 */
export function cache_lookup(dvp: Vnode, name: string): Vnode | null | undefined {
  if (dvp.names === null) return undefined;
  const entry = dvp.names.get(name);
  if (entry === undefined) return undefined;
  const vp = entry.vp;
  if (vp === null) return null;
  if (vp.state !== VS_LOADED) return undefined;
  vp.usecount++;
  return vp;
}

/** cache_enter(9): notes what a lookup found. Locks: dvp locked. */
export function cache_enter(dvp: Vnode, vp: Vnode | null, cnp: ComponentName): void {
  if ((cnp.flags & MAKEENTRY) === 0) return;
  const vfs = vfs_of(dvp.mount.kernel);
  dvp.names ??= new Map();
  const old = dvp.names.get(cnp.name);
  if (old !== undefined) cache_remove(vfs, old);
  const limit = dvp.mount.kernel.config.nvnodes * ENTRIES_PER_VNODE;
  while (vfs.namecache.size >= limit) {
    const [oldest] = vfs.namecache;
    cache_remove(vfs, oldest);
  }
  const entry = new Namecache(dvp, cnp.name, vp);
  dvp.names.set(cnp.name, entry);
  vfs.namecache.add(entry);
  if (vp !== null) {
    if (vp.cached === null) vp.cached = [entry];
    else vp.cached.push(entry);
  }
}

function cache_remove(vfs: Vfs, entry: Namecache): void {
  vfs.namecache.delete(entry);
  entry.dvp.names?.delete(entry.name);
  const cached = entry.vp?.cached;
  if (cached) cached.splice(cached.indexOf(entry), 1);
}

/** Forgets one name of a directory. */
export function cache_purge_name(dvp: Vnode, name: string): void {
  const entry = dvp.names?.get(name);
  if (entry !== undefined) cache_remove(vfs_of(dvp.mount.kernel), entry);
}

/** cache_purge(9): forgets every name of a vnode, and the names in it. */
export function cache_purge(vp: Vnode): void {
  const vfs = vfs_of(vp.mount.kernel);
  if (vp.cached !== null) while (vp.cached.length > 0) cache_remove(vfs, vp.cached[0]);
  if (vp.names !== null) for (const entry of [...vp.names.values()]) cache_remove(vfs, entry);
}
