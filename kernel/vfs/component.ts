/**
 * The vfs component: vnodes, names, mounts, and the root file system. Follows
 * sys/rump/librump/rumpvfs/rump_vfs.c.
 */

import { mem_init } from '../dev/mem.ts';
import { done } from '../hooks.ts';
import { type Component, component } from '../kern/component.ts';
import { files } from '../kern/file_syscalls.ts';
import type { Kernel } from '../kern/kernel.ts';
import { LW_SYSTEM } from '../kern/lwp.ts';
import type { Proc } from '../kern/proc.ts';
import type { MaySleep } from '../maysleep.ts';
import { cwdfree, cwdinit } from './vfs_cwd.ts';
import { dev_start } from './vfs_dev.ts';
import { vfs_of } from './vfs_init.ts';
import { do_sys_sync, vfs_mountroot, vfs_unmountall } from './vfs_mount.ts';
import { vfsSyscalls } from './vfs_syscalls_table.ts';

/** File system types that can be the root, the best first. */
const ROOT_TYPES: readonly string[] = ['tmpfs'];

/** Mounts the root, and fills /dev. */
function* vfs_start(k: Kernel): Generator<void, void, void> {
  yield* vfs_mountroot(k, ROOT_TYPES, undefined);
  yield* dev_start(k);
}

/**
 * Unmounts everything, when nobody is left who could be in the middle of something; an LWP that
 * sleeps with a vnode locked must not turn the end of a run into a deadlock.
 */
function vfs_stop(k: Kernel): MaySleep<void> {
  if (vfs_of(k).rootvnode === null) return done(undefined);
  let users = 0;
  for (const p of k.procs.values()) {
    for (const l of p.lwps) if ((l.flag & LW_SYSTEM) === 0) users++;
  }
  return users > 1 ? do_sys_sync(k) : vfs_unmountall(k);
}

/** A new process begins in the current directory of its parent. */
function cwd_fork(child: Proc): MaySleep<void> {
  if (child.parent !== null) cwdinit(child, child.parent);
  return done(undefined);
}

export const vfs: Component = component({
  name: 'vfs',
  requires: [files],
  syscalls: vfsSyscalls,
  boot: mem_init,
  start: vfs_start,
  forkhook: cwd_fork,
  exithook: cwdfree,
  stop: vfs_stop,
});
