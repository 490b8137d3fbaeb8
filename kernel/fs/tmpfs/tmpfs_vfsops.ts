/**
 * Mounting tmpfs. Follows NetBSD sys/fs/tmpfs/tmpfs_vfsops.c.
 *
 * A mount is a TmpfsMount and its root node; vnodes are made when they are asked for, and their
 * key is their node.
 */

import { done } from '../../hooks.ts';
import { EBUSY, EINVAL, type Errno, isErrno } from '../../kern/errno.ts';
import { curkernel, curlwp } from '../../world/current.ts';
import type { MaySleep } from '../../maysleep.ts';
import { spec_node_init } from '../../miscfs/specfs.ts';
import {
  FORCECLOSE,
  MNT_FORCE,
  MNT_RDONLY,
  MNT_UPDATE,
  type Mount,
  type Statvfs,
  type VfsOps,
} from '../../vfs/mount.ts';
import type { ComponentName } from '../../vfs/namei.ts';
import { vcache_get, vflush } from '../../vfs/vfs_vnode.ts';
import { vfsops } from '../../vfs/vfsops.ts';
import {
  type VAttr,
  VBLK,
  type VcacheKey,
  VCHR,
  VDIR,
  VFIFO,
  VNOVAL,
  vattr_null,
  type Vnode,
  VV_ROOT,
} from '../../vfs/vnode.ts';
import type { VnodeOps } from '../../vfs/vnode_if.ts';
import {
  PAGE_SIZE,
  type TmpfsArgs,
  TmpfsMount,
  type TmpfsNode,
  VP_TO_TMPFS_NODE,
} from './tmpfs.ts';
import { tmpfs_mem_decr, tmpfs_mntmem_set } from './tmpfs_mem.ts';
import { tmpfs_alloc_node, tmpfs_init_vnode } from './tmpfs_subr.ts';

const NODES_MAX = 2 ** 31 - 1;
const ROOT_MODE = 0o755;

function mountOf(mp: Mount): TmpfsMount {
  return mp.data as TmpfsMount;
}

/** The limit in bytes that a mount is given: what it asks for, or the kernel's memory limit. */
function memLimit(args: TmpfsArgs): number {
  if (args.sizeMax !== undefined && args.sizeMax > 0) return args.sizeMax;
  const { memlimitBytes } = curkernel().config;
  return memlimitBytes > 0 ? memlimitBytes : Number.MAX_SAFE_INTEGER;
}

/**
 * mount(2) with TmpfsArgs. Errors: EINVAL; EBUSY for limits below what is used already, and for
 * read-only while files are open for writing.
 */
function tmpfs_mount(mp: Mount, _path: string, data: unknown): MaySleep<Errno | undefined> {
  const args = (data ?? {}) as TmpfsArgs;
  const { nodesMax = 0, sizeMax = 0 } = args;
  if (!(nodesMax >= 0) || !(sizeMax >= 0)) return done(EINVAL);
  const nodes = nodesMax > 0 ? nodesMax : NODES_MAX;
  if ((mp.flag & MNT_UPDATE) !== 0) return done(update(mp, nodes, memLimit(args)));
  const limited = mp.kernel.config.memlimitBytes > 0 ? mp.kernel : null;
  const tmp = new TmpfsMount(nodes, memLimit(args), limited);
  const root = makeRoot(tmp, args);
  if (isErrno(root)) return done(root);
  mp.data = tmp;
  mp.stat.bsize = PAGE_SIZE;
  mp.stat.frsize = PAGE_SIZE;
  mp.stat.iosize = PAGE_SIZE;
  if (mp.stat.mntfromname === '') mp.stat.mntfromname = 'tmpfs';
  return done(undefined);
}

function update(mp: Mount, nodes: number, limit: number): Errno | undefined {
  const tmp = mountOf(mp);
  if ((mp.flag & MNT_RDONLY) !== 0 && written(mp)) return EBUSY;
  if (nodes < tmp.nodes || !tmpfs_mntmem_set(tmp, limit)) return EBUSY;
  tmp.nodesMax = nodes;
  return undefined;
}

/** Whether files are open for writing. */
function written(mp: Mount): boolean {
  for (const vp of mp.vnodes.values()) if (vp.writecount > 0) return true;
  return false;
}

function makeRoot(tmp: TmpfsMount, args: TmpfsArgs): TmpfsNode | Errno {
  const vap = vattr_null(VDIR, args.rootMode ?? ROOT_MODE);
  const root = tmpfs_alloc_node(tmp, vap, curlwp().proc.cred, args.rootGid ?? 0);
  if (isErrno(root)) return root;
  if (args.rootUid !== undefined) root.uid = args.rootUid;
  root.dir!.parent = root;
  root.links++;
  tmp.root = root;
  return root;
}

/** unmount(2). Errors: EBUSY. */
function* tmpfs_unmount(mp: Mount, flags: number): Generator<void, Errno | undefined, void> {
  const error = yield* vflush(mp, null, (flags & MNT_FORCE) !== 0 ? FORCECLOSE : 0);
  if (error !== undefined) return error;
  tmpfs_mem_decr(mountOf(mp), mountOf(mp).memUsed);
  mp.data = null;
  return undefined;
}

function tmpfs_root(mp: Mount): MaySleep<Vnode | Errno> {
  return vcache_get(mp, mountOf(mp).root!);
}

function tmpfs_statvfs(mp: Mount, st: Statvfs): MaySleep<undefined> {
  const tmp = mountOf(mp);
  const pages = Math.floor(tmp.memLimit / PAGE_SIZE);
  const used = Math.ceil(tmp.memUsed / PAGE_SIZE);
  st.bsize = PAGE_SIZE;
  st.frsize = PAGE_SIZE;
  st.blocks = pages;
  st.bfree = Math.max(0, pages - used);
  st.bavail = st.bfree;
  st.files = tmp.nodesMax;
  st.ffree = tmp.nodesMax - tmp.nodes;
  st.favail = st.ffree;
  return done(undefined);
}

/** How vnodes of a file system type are given their operations. */
interface Vectors {
  readonly vnodeops: VnodeOps;
  readonly specops: VnodeOps;
  readonly fifoops: VnodeOps;
}

function opsFor(vectors: Vectors, node: TmpfsNode): VnodeOps {
  if (node.type === VCHR || node.type === VBLK) return vectors.specops;
  return node.type === VFIFO ? vectors.fifoops : vectors.vnodeops;
}

function fill(vectors: Vectors, vp: Vnode, node: TmpfsNode): void {
  tmpfs_init_vnode(vp, node);
  vp.op = opsFor(vectors, node);
  if (node.type === VCHR || node.type === VBLK) spec_node_init(vp, node.rdev);
  if (node === node.mount.root) vp.flag |= VV_ROOT;
}

/** The operations of the file system, with the given vectors for its vnodes. */
export function tmpfs_vfsops(vectors: Vectors): VfsOps {
  return vfsops({
    name: 'tmpfs',
    mount: tmpfs_mount,
    unmount: tmpfs_unmount,
    root: tmpfs_root,
    statvfs: tmpfs_statvfs,
    loadvnode(_mp: Mount, vp: Vnode, key: VcacheKey): MaySleep<undefined> {
      fill(vectors, vp, key as TmpfsNode);
      return done(undefined);
    },
    newvnode(
      mp: Mount,
      dvp: Vnode | null,
      vp: Vnode,
      vap: VAttr,
      cnp: ComponentName | null,
    ): MaySleep<VcacheKey | Errno> {
      const gid = dvp === null ? 0 : VP_TO_TMPFS_NODE(dvp).gid;
      const cred = cnp?.cred ?? curlwp().proc.cred;
      const node = tmpfs_alloc_node(mountOf(mp), vap, cred, gid);
      if (isErrno(node)) return done(node);
      if (vap.uid !== VNOVAL) node.uid = vap.uid;
      fill(vectors, vp, node);
      return done(node);
    },
  });
}
