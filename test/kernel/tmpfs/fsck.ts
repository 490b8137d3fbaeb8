/**
 * fsck for tmpfs: walks the nodes of a mount and recounts everything that the mount keeps count of.
 */

import {
  PAGE_SIZE,
  TMPFS_DIRENT_SIZE,
  TMPFS_NODE_SIZE,
  type TmpfsMount,
  type TmpfsNode,
} from '../../../kernel/fs/tmpfs/tmpfs.ts';
import { vfs_of } from '../../../kernel/vfs/vfs_init.ts';
import { curkernel } from '../../../kernel/world/current.ts';

interface Count {
  readonly links: Map<TmpfsNode, number>;
  readonly problems: string[];
  bytes: number;
}

function see(count: Count, node: TmpfsNode): boolean {
  const before = count.links.get(node);
  count.links.set(node, (before ?? 0) + 1);
  if (before !== undefined) return false;
  const link = node.link.length;
  count.bytes += TMPFS_NODE_SIZE + link;
  const pages = node.pages === null ? 0 : node.pages.filter((page) => page !== undefined).length;
  if (pages !== node.pageCount) count.problems.push(`node ${node.id} has ${pages} pages`);
  count.bytes += pages * PAGE_SIZE;
  return true;
}

function walk(count: Count, dnode: TmpfsNode, path: string): void {
  const dir = dnode.dir!;
  const order = dir.order.filter((entry) => entry !== null);
  const sorted = order.every((entry, i) => i === 0 || order[i - 1].seq < entry.seq);
  if (!sorted || order.length !== dir.entries.size) count.problems.push(`order of ${path}`);
  if (dnode.size !== order.length * TMPFS_DIRENT_SIZE) count.problems.push(`size of ${path}`);
  for (const [name, entry] of dir.entries) {
    const { node } = entry;
    if (entry.name !== name || !order.includes(entry)) count.problems.push(`entry ${path}/${name}`);
    count.bytes += TMPFS_DIRENT_SIZE + name.length;
    const first = see(count, node);
    if (node.dir === null) continue;
    if (!first) count.problems.push(`directory ${path}/${name} has two names`);
    if (node.dir.parent !== dnode) count.problems.push(`.. of ${path}/${name}`);
    count.links.set(node, count.links.get(node)! + 1);
    count.links.set(dnode, count.links.get(dnode)! + 1);
    if (first) walk(count, node, `${path}/${name}`);
  }
}

/** What is wrong with the root file system of the running kernel; nothing may be open. */
export function fsck(): string[] {
  const tmp = vfs_of(curkernel()).mountlist[0].data as TmpfsMount;
  const count: Count = { links: new Map([[tmp.root!, 2]]), problems: [], bytes: TMPFS_NODE_SIZE };
  walk(count, tmp.root!, '');
  for (const [node, links] of count.links) {
    if (node.links !== links)
      count.problems.push(`node ${node.id}: ${node.links} not ${links} links`);
  }
  if (tmp.nodes !== count.links.size)
    count.problems.push(`${tmp.nodes} nodes, not ${count.links.size}`);
  if (tmp.memUsed !== count.bytes) count.problems.push(`${tmp.memUsed} bytes, not ${count.bytes}`);
  return count.problems;
}
