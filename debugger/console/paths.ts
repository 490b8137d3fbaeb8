/**
 * Paths of vnodes, as far as the kernel's memory has them: the name cache, and the directories of
 * tmpfs, which needs no cache.
 */

import type { Core, GraphObject } from '../../corefiles/index.ts';
import { VV_ROOT } from '../../kernel/index.ts';

/** Directories above a vnode that are looked at. */
const DEPTH_MAX = 40;

/** The object at the end of some fields. */
export function inside(core: Core, object: GraphObject, ...path: readonly string[]) {
  let found: GraphObject | undefined = object;
  for (const name of path) found = core.graph?.deref(found?.get(name));
  return found;
}

/** Objects that an array or set refers to. */
export function objectsIn(core: Core, list: GraphObject | undefined): GraphObject[] {
  const objects = [...(list?.elements() ?? [])].map((value) => core.graph?.deref(value));
  return objects.filter((one) => one !== undefined);
}

/** `/rooms/book`; '' when nobody knows. */
export function vnodePath(core: Core, vnode: GraphObject): string {
  const words: string[] = [];
  let vp: GraphObject | undefined = vnode;
  for (let depth = 0; vp !== undefined && depth < DEPTH_MAX; depth++) {
    const mount = inside(core, vp, 'mount');
    const root = mount === undefined ? undefined : rootOf(core, mount, vp);
    if (root !== undefined) return [root.replace(/\/$/, ''), ...words].join('/') || '/';
    const above: Entry | undefined = cachedEntry(core, vp) ?? tmpfsEntry(core, vp);
    if (above === undefined) return '';
    words.unshift(above.name);
    vp = above.dvp;
  }
  return '';
}

/** Where a vnode's mount is, if it is that mount's root. */
function rootOf(core: Core, mount: GraphObject, vp: GraphObject): string | undefined {
  if ((Number(vp.get('flag')) & VV_ROOT) === 0) return undefined;
  const name = inside(core, mount, 'stat')?.get('mntonname');
  return typeof name === 'string' ? name : undefined;
}

interface Entry {
  readonly name: string;
  readonly dvp: GraphObject | undefined;
}

function cachedEntry(core: Core, vp: GraphObject): Entry | undefined {
  const [entry]: (GraphObject | undefined)[] = objectsIn(core, inside(core, vp, 'cached'));
  if (entry === undefined) return undefined;
  return { name: String(entry.get('name')), dvp: inside(core, entry, 'dvp') };
}

function tmpfsEntry(core: Core, vp: GraphObject): Entry | undefined {
  const node = inside(core, vp, 'data');
  const found = node?.type === 'TmpfsNode' ? directoriesOf(core).get(node.id) : undefined;
  if (found === undefined) return undefined;
  return { name: found.name, dvp: inside(core, found.directory, 'vnode') };
}

interface Listed {
  readonly name: string;
  readonly directory: GraphObject;
}

/** Entries of all directories of tmpfs by the number of their node; of each core, once. */
function directoriesOf(core: Core): ReadonlyMap<number, Listed> {
  const known = DIRECTORIES.get(core);
  if (known !== undefined) return known;
  const entries = new Map<number, Listed>();
  for (const id of core.graph?.byType().get('TmpfsNode') ?? []) {
    const directory = core.graph?.object(id);
    const list = directory && inside(core, directory, 'dir', 'entries');
    if (directory === undefined || list === undefined) continue;
    for (const [name, value] of list.entries()) {
      const dirent = core.graph?.deref(value);
      const node = dirent && inside(core, dirent, 'node');
      if (node !== undefined) entries.set(node.id, { name: String(name), directory });
    }
  }
  DIRECTORIES.set(core, entries);
  return entries;
}

const DIRECTORIES = new WeakMap<Core, ReadonlyMap<number, Listed>>();
