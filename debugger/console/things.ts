/**
 * What `show` knows of each kind of kernel object: how one is asked for, and its row in a table.
 *
 *   show vnode        a table of all        show vnode 7       the one with that number
 *   show vnode #41    by object             show vnode vp      by a path, from this frame's variables
 */

import { constantName, type Core, describe, type GraphObject } from '../../corefiles/index.ts';

export interface Thing {
  /** Classes of the objects. */
  readonly types: readonly string[];
  readonly head: readonly string[];
  row(core: Core, object: GraphObject): string[];
  /** Field by whose value one is asked for: `show proc 1`. */
  readonly key: string;
}

/** A field as text: with the kernel's name for its value, if there is one. */
function field(core: Core, object: GraphObject, name: string): string {
  const value = object.get(name);
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return describe(core, value).slice(1, -1);
  return constantName(object.type, name, value) || describe(core, value);
}

function inside(core: Core, object: GraphObject, name: string): GraphObject | undefined {
  return core.graph?.deref(object.get(name));
}

function sizeOf(core: Core, object: GraphObject, name: string): string {
  return String(inside(core, object, name)?.size ?? 0);
}

/** A name under which the name cache knows a vnode. */
function cachedName(core: Core, vnode: GraphObject): string {
  for (const value of inside(core, vnode, 'cached')?.elements() ?? []) {
    const entry = core.graph?.deref(value);
    if (entry !== undefined) return field(core, entry, 'name');
  }
  return '-';
}

/** `/tmp`, where a mount is; its file system's name besides. */
function mountName(core: Core, mount: GraphObject | undefined): string {
  const stat = mount === undefined ? undefined : inside(core, mount, 'stat');
  return stat === undefined ? '-' : field(core, stat, 'mntonname');
}

function lockState(core: Core, lock: GraphObject | undefined): string {
  if (lock === undefined) return '-';
  const owner = inside(core, lock, 'owner');
  if (owner !== undefined) return field(core, owner, 'id').replace(/^/, 'LWP ');
  const readers = inside(core, lock, 'readers')?.size ?? 0;
  return readers === 0 ? '-' : `${readers} shared`;
}

function fields(...names: readonly string[]) {
  return (core: Core, object: GraphObject) => names.map((name) => field(core, object, name));
}

const vnode: Thing = {
  types: ['Vnode'],
  key: 'id',
  head: ['ID', 'TYPE', 'STATE', 'USE', 'HOLD', 'WRITE', 'SIZE', 'ON', 'LOCK', 'NAME'],
  row: (core, vp) => [
    ...fields('id', 'type', 'state', 'usecount', 'holdcnt', 'writecount', 'size')(core, vp),
    mountName(core, inside(core, vp, 'mount')),
    lockState(core, inside(core, vp, 'lock')),
    cachedName(core, vp),
  ],
};

const mount: Thing = {
  types: ['Mount'],
  key: 'stat.mntonname',
  head: ['ON', 'FROM', 'TYPE', 'FLAGS', 'VNODES', 'BUSY', 'GONE'],
  row: (core, mp) => {
    const stat = inside(core, mp, 'stat');
    const names = ['mntonname', 'mntfromname', 'fstypename'];
    return [
      ...(stat === undefined ? names.map(() => '-') : fields(...names)(core, stat)),
      ...fields('flag')(core, mp),
      sizeOf(core, mp, 'vnodes'),
      lockState(core, inside(core, mp, 'busyLock')),
      ...fields('gone')(core, mp),
    ];
  },
};

const file: Thing = {
  types: ['File'],
  key: '',
  head: ['TYPE', 'FLAGS', 'COUNT', 'OFFSET', 'DATA'],
  row: fields('type', 'flag', 'count', 'offset', 'data'),
};

const buf: Thing = {
  types: ['Buf'],
  key: 'id',
  head: ['ID', 'LBLKNO', 'BLKNO', 'FLAGS', 'CFLAGS', 'OFLAGS', 'OWNER', 'VNODE'],
  row: fields('id', 'lblkno', 'blkno', 'flags', 'cflags', 'oflags', 'owner', 'vp'),
};

const lock: Thing = {
  types: ['KMutex', 'KRwlock'],
  key: 'name',
  head: ['NAME', 'CLASS', 'HELD BY'],
  row: (core, object) => [...fields('name')(core, object), object.type, lockState(core, object)],
};

const proc: Thing = {
  types: ['Proc'],
  key: 'pid',
  head: ['PID', 'NAME', 'STATE', 'PARENT'],
  row: fields('pid', 'name', 'stat', 'parent'),
};

const lwp: Thing = {
  types: ['Lwp'],
  key: 'id',
  head: ['LWP', 'LID', 'NAME', 'STATE', 'PROCESS'],
  row: fields('id', 'lid', 'name', 'stat', 'proc'),
};

export const THINGS: ReadonlyMap<string, Thing> = new Map(
  Object.entries({ lock, vnode, mount, proc, lwp, file, buf }),
);
