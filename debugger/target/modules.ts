/** Which component or package a portable path belongs to: what clients show as modules. */

/**
 * `rumpus/kernel/fs/tmpfs/tmpfs_dir.ts` is of `tmpfs`, `rumpus/kernel/kern/kern_mutex.ts` of `kern`,
 * `rumpus/kernel/program.ts` of `kernel`; a program's own files are modules by their names.
 */
export function moduleOf(path: string): string {
  const parts = path.split('/');
  const file = parts[parts.length - 1];
  if (parts[0] !== 'rumpus' || parts[1] !== 'kernel') return file;
  const folders = parts.slice(2, -1);
  if (folders.length === 0) return 'kernel';
  return (folders[0] === 'fs' || folders[0] === 'dev') && folders.length > 1
    ? folders[1]
    : folders[0];
}
