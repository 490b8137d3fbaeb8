/**
 * The first nodes of the management information tree. Follows NetBSD sys/kern/init_sysctl.c and
 * sys/sys/sysctl.h for the numbers.
 */

import { EINVAL, ENAMETOOLONG, type Errno } from './errno.ts';
import type { Kernel } from './kernel.ts';
import {
  CTLFLAG_READWRITE,
  CTLTYPE_INT,
  CTLTYPE_NODE,
  CTLTYPE_QUAD,
  CTLTYPE_STRING,
  type CtlType,
  type SysctlHelper,
  type SysctlNode,
  type SysctlValue,
  sysctl_createv,
} from './kern_sysctl.ts';
import { boottime, hz } from './kern_time.ts';
import { cprng_fast32 } from './subr_cprng.ts';

/** What kern.ostype and uname(3) say. */
export const ostype = 'Rumpus';
export const osrelease = '0.1';
const MAXHOSTNAMELEN = 256;
const PAGE_SIZE = 4096;
/** Memory of a kernel without RUMP_MEMLIMIT, as hw.physmem64 says. */
const PHYSMEM = 256 * 1024 * 1024;

export const CTL_KERN = 1;
export const CTL_VM = 2;
export const CTL_VFS = 3;
export const CTL_NET = 4;
export const CTL_DEBUG = 5;
export const CTL_HW = 6;

const TOP: readonly (readonly [number, string])[] = [
  [CTL_KERN, 'kern'],
  [CTL_VM, 'vm'],
  [CTL_VFS, 'vfs'],
  [CTL_NET, 'net'],
  [CTL_DEBUG, 'debug'],
  [CTL_HW, 'hw'],
];

type Row = readonly [
  path: string,
  num: number,
  name: string,
  type: CtlType,
  flags: number,
  value: SysctlValue | SysctlHelper,
];

function rows(k: Kernel): readonly Row[] {
  const { config } = k;
  const version = `${ostype} ${osrelease} (${k.name})`;
  const physmem = config.memlimitBytes === 0 ? PHYSMEM : config.memlimitBytes;
  return [
    ['kern', 1, 'ostype', CTLTYPE_STRING, 0, ostype],
    ['kern', 2, 'osrelease', CTLTYPE_STRING, 0, osrelease],
    ['kern', 3, 'osrevision', CTLTYPE_INT, 0, 100],
    ['kern', 4, 'version', CTLTYPE_STRING, 0, version],
    ['kern', 5, 'maxvnodes', CTLTYPE_INT, CTLFLAG_READWRITE, maxvnodes],
    ['kern', 6, 'maxproc', CTLTYPE_INT, CTLFLAG_READWRITE, 1024],
    ['kern', 7, 'maxfiles', CTLTYPE_INT, CTLFLAG_READWRITE, maxfiles],
    ['kern', 10, 'hostname', CTLTYPE_STRING, CTLFLAG_READWRITE, hostname],
    ['kern', 12, 'clockrate', CTLTYPE_INT, 0, hz],
    ['kern', 18, 'ngroups', CTLTYPE_INT, 0, 16],
    ['kern', 20, 'iov_max', CTLTYPE_INT, 0, 1024],
    ['kern', 27, 'fsync', CTLTYPE_INT, 0, 1],
    ['kern', 37, 'arandom', CTLTYPE_INT, 0, () => cprng_fast32() | 0],
    ['kern', 83, 'boottime', CTLTYPE_QUAD, 0, (kernel) => boottime(kernel)],
    ['hw', 1, 'machine', CTLTYPE_STRING, 0, 'rumpus'],
    ['hw', 2, 'model', CTLTYPE_STRING, 0, 'virtual CPU'],
    ['hw', 3, 'ncpu', CTLTYPE_INT, 0, config.ncpu],
    ['hw', 4, 'byteorder', CTLTYPE_INT, 0, 1234],
    ['hw', 7, 'pagesize', CTLTYPE_INT, 0, PAGE_SIZE],
    ['hw', 10, 'machine_arch', CTLTYPE_STRING, 0, 'rumpus'],
    ['hw', 13, 'physmem64', CTLTYPE_QUAD, 0, physmem],
    ['hw', 14, 'usermem64', CTLTYPE_QUAD, 0, usermem],
    ['hw', 16, 'ncpuonline', CTLTYPE_INT, 0, config.ncpu],
  ];
}

/** Builds the tree of a kernel. */
export function sysctl_setup(k: Kernel): void {
  for (const [num, name] of TOP) void sysctl_createv(k, { num, name, type: CTLTYPE_NODE });
  for (const [path, num, name, type, flags, value] of rows(k)) {
    const how = typeof value === 'function' ? { helper: value } : { value };
    void sysctl_createv(k, { path, num, name, type, flags, ...how });
  }
}

/** kern.maxvnodes: unused vnodes beyond it go when the next one is made. Errors: EINVAL. */
function maxvnodes(
  k: Kernel,
  _node: SysctlNode,
  value: SysctlValue | undefined,
): SysctlValue | Errno {
  const old = k.config.nvnodes;
  if (typeof value === 'number') {
    if (value < 1) return EINVAL;
    k.config = { ...k.config, nvnodes: value };
  }
  return old;
}

/** kern.maxfiles belongs to the descriptors; without them there are no files. */
function maxfiles(k: Kernel, node: SysctlNode, value: SysctlValue | undefined): SysctlValue {
  const old = k.files?.maxfiles ?? (node.value as number | undefined) ?? 0;
  if (typeof value === 'number') {
    node.value = value;
    if (k.files !== null) k.files.maxfiles = value;
  }
  return old;
}

function hostname(
  k: Kernel,
  node: SysctlNode,
  value: SysctlValue | undefined,
): SysctlValue | Errno {
  node.value ??= `rump-${k.name}`;
  const old = node.value;
  if (typeof value === 'string') {
    if (value.length >= MAXHOSTNAMELEN) return ENAMETOOLONG;
    node.value = value;
  }
  return old;
}

function usermem(k: Kernel): SysctlValue {
  const total = k.config.memlimitBytes === 0 ? PHYSMEM : k.config.memlimitBytes;
  return total - (k.kmem?.usedBytes ?? 0);
}
