/** vfs: vnodes, names, mounts, buffers. */

export * from './buf.ts';
export * from './component.ts';
export * from './dirent.ts';
export * from './fcntl.ts';
export * from './genfs.ts';
export * from './genfs_defaults.ts';
export * from './mount.ts';
export * from './namei.ts';
export * from './poll.ts';
export * from './stat.ts';
export * from './uio.ts';
export * from './vfs_bio.ts';
export * from './vfs_busy.ts';
export * from './vfs_cache.ts';
export * from './vfs_cwd.ts';
export * from './vfs_getvnode.ts';
export * from './vfs_init.ts';
export * from './vfs_lookup.ts';
export * from './vfs_mount.ts';
export * from './vfs_open.ts';
export * from './vfs_syscalls_table.ts';
export * from './vfs_vnode.ts';
export * from './vfs_vnops.ts';
export * from './vfsops.ts';
export * from './vnode.ts';
export * from './vnode_if.ts';
