/** Mounts a small FFS and reads a file from it: what the reporter of kern/43573 did. */

import { MNT_RDONLY, type Main, O_RDONLY } from 'rumpus';

/** The block device that holds the 48 KiB file system disk.ffs. */
export const DISK = { '/dev/disk': { file: 'disk.ffs' } };

export const mountSmall: Main = function* main(sys) {
  yield* sys.mkdir('/mnt', 0o755);
  yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
  const fd = yield* sys.open('/mnt', O_RDONLY, 0);
  const entries = yield* sys.getdents(fd);
  yield* sys.close(fd);
  yield* sys.unmount('/mnt', 0);
  return entries;
};
