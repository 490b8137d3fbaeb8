/** vfs: vnodes, names, mounts, buffers. */

export * from './buf.ts';
export * from './dirent.ts';
export * from './fcntl.ts';
export * from './genfs.ts';
export * from './genfs_defaults.ts';
export * from './mount.ts';
export * from './namei.ts';
export * from './stat.ts';
export * from './uio.ts';
export * from './vfs_syscalls_table.ts';
export * from './vnode.ts';
export * from './vnode_if.ts';
