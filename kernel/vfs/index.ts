/** vfs: vnodes, names, mounts, buffers. */

export * from './vfs_syscalls_table.ts';
