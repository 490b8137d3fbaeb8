/**
 * Filling /dev: the nodes that drivers asked for, made when the root file system is there. Follows
 * sys/rump/librump/rumpvfs/devnodes.c.
 */

import { devices_of, type DeviceNode } from '../dev/conf.ts';
import { EEXIST, type Errno, isErrno } from '../kern/errno.ts';
import type { Kernel } from '../kern/kernel.ts';
import { printf } from '../kern/subr_prf.ts';
import { CREATE, CREATEDIR, LOCKPARENT } from './namei.ts';
import { ALLPERMS, iftovt } from './stat.ts';
import { NDINIT, namei } from './vfs_lookup.ts';
import { vput, vrele } from './vfs_vnode.ts';
import { type VAttr, VDIR, vattr_null } from './vnode.ts';
import { VOP_MKDIR, VOP_MKNOD } from './vnode_if.ts';

type Status = Generator<void, Errno | undefined, void>;

/** Makes all nodes that were asked for. */
export function* dev_start(k: Kernel): Generator<void, void, void> {
  for (const node of devices_of(k).nodes) {
    const error = yield* makeNode(node);
    if (error !== undefined) printf(`cannot make ${node.path}: ${error.text}\n`);
  }
}

/** Makes one node, and the directories on its way. Errors: those of mknod(2). */
export function* makeNode(node: DeviceNode): Status {
  for (let at = node.path.indexOf('/', 1); at > 0; at = node.path.indexOf('/', at + 1)) {
    const error = yield* makeOne(node.path.slice(0, at), vattr_null(VDIR, 0o755));
    if (error !== undefined && error !== EEXIST) return error;
  }
  const va = vattr_null(iftovt(node.mode), node.mode & ALLPERMS);
  va.rdev = node.dev;
  return yield* makeOne(node.path, va);
}

function* makeOne(path: string, va: VAttr): Status {
  const directory = va.type === VDIR;
  const nd = NDINIT(CREATE, LOCKPARENT | (directory ? CREATEDIR : 0), path);
  const error = yield* namei(nd);
  if (error !== undefined) return error;
  const dvp = nd.dvp!;
  if (nd.vp !== null) {
    yield* vrele(nd.vp);
    yield* vput(dvp);
    return EEXIST;
  }
  const vp = directory ? yield* VOP_MKDIR(dvp, nd.cnd, va) : yield* VOP_MKNOD(dvp, nd.cnd, va);
  yield* vput(dvp);
  if (isErrno(vp)) return vp;
  yield* vrele(vp);
  return undefined;
}
