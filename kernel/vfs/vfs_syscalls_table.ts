/**
 * System calls of the vfs component, as data. Numbers follow sys/kern/syscalls.master.
 */

export const vfsSyscalls = {};
