/**
 * What `show` knows of each kind of kernel object: its row in a table, and the names by which one
 * is asked for.
 *
 *   show vnode        a table of all        show vnode 7       by its number
 *   show vnode #41    by object             show vnode /tmp/a  by its path, if that is in memory
 *   show file 1:3     descriptor 3 of process 1
 */

import {
  constantName,
  type Core,
  describe,
  type GraphObject,
  printable,
} from '../../corefiles/index.ts';
import { inside, objectsIn, vnodePath } from './paths.ts';

export interface Thing {
  /** Classes of the objects. */
  readonly types: readonly string[];
  readonly head: readonly string[];
  row(core: Core, object: GraphObject): string[];
  /** What it is called, best first; tables are in the order of these. */
  names(core: Core, object: GraphObject): string[];
}

/** A field as text: with the kernel's name for its value, if there is one. */
function field(core: Core, object: GraphObject, name: string): string {
  const value = object.get(name);
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return describe(core, value).slice(1, -1);
  return constantName(object.type, name, value) || describe(core, value);
}

function fields(...names: readonly string[]) {
  return (core: Core, object: GraphObject) => names.map((name) => field(core, object, name));
}

function sizeOf(core: Core, object: GraphObject, name: string): string {
  return String(inside(core, object, name)?.size ?? 0);
}

/** Where a vnode's mount is: `/tmp`. */
function mountPoint(core: Core, vnode: GraphObject): string {
  const stat = inside(core, vnode, 'mount', 'stat');
  return stat === undefined ? '-' : field(core, stat, 'mntonname');
}

/** Descriptors that refer to a file: `1:3` is number 3 of process 1. */
function descriptorsOf(core: Core, file: GraphObject): string[] {
  const found: string[] = [];
  for (const { pid, objectId } of core.procs()) {
    const process = core.graph?.object(objectId);
    const slots = process && inside(core, process, 'fd', 'dt', 'ff');
    let number = 0;
    for (const slot of slots?.elements() ?? []) {
      const held = core.graph?.deref(core.graph.deref(slot)?.get('file'));
      if (held?.id === file.id) found.push(`${pid}:${number}`);
      number++;
    }
  }
  return found;
}

/** Who holds a lock, shared or not. */
function lockState(core: Core, lock: GraphObject | undefined): string {
  const owner = lock && inside(core, lock, 'owner');
  if (owner !== undefined) return `LWP ${field(core, owner, 'id')}`;
  const readers = lock === undefined ? [] : objectsIn(core, inside(core, lock, 'readers'));
  return readers.length === 0 ? '-' : `LWP ${readers.map((l) => field(core, l, 'id')).join(', ')}`;
}

const vnode: Thing = {
  types: ['Vnode'],
  head: ['ID', 'TYPE', 'STATE', 'USE', 'HOLD', 'WRITE', 'SIZE', 'ON', 'LOCK', 'PATH'],
  row: (core, vp) => [
    ...fields('id', 'type', 'state', 'usecount', 'holdcnt', 'writecount', 'size')(core, vp),
    mountPoint(core, vp),
    lockState(core, inside(core, vp, 'lock')),
    printable(vnodePath(core, vp)) || '-',
  ],
  names: (core, vp) => [field(core, vp, 'id'), vnodePath(core, vp)],
};

const mount: Thing = {
  types: ['Mount'],
  head: ['ON', 'FROM', 'TYPE', 'FLAGS', 'VNODES', 'BUSY', 'GONE'],
  row: (core, mp) => {
    const stat = inside(core, mp, 'stat');
    const names = ['mntonname', 'mntfromname', 'fstypename'];
    return [
      ...(stat === undefined ? names.map(() => '-') : fields(...names)(core, stat)),
      field(core, mp, 'flag'),
      sizeOf(core, mp, 'vnodes'),
      lockState(core, inside(core, mp, 'busyLock')),
      field(core, mp, 'gone'),
    ];
  },
  names: (core, mp) => {
    const stat = inside(core, mp, 'stat');
    return stat === undefined ? [] : fields('mntonname', 'mntfromname')(core, stat);
  },
};

const file: Thing = {
  types: ['File'],
  head: ['TYPE', 'FLAGS', 'COUNT', 'OFFSET', 'PID:FD', 'DATA'],
  row: (core, fp) => [
    ...fields('type', 'flag', 'count', 'offset')(core, fp),
    descriptorsOf(core, fp).join(' ') || '-',
    field(core, fp, 'data'),
  ],
  names: descriptorsOf,
};

const buf: Thing = {
  types: ['Buf'],
  head: ['ID', 'LBLKNO', 'BLKNO', 'FLAGS', 'CFLAGS', 'OFLAGS', 'OWNER', 'VNODE'],
  row: fields('id', 'lblkno', 'blkno', 'flags', 'cflags', 'oflags', 'owner', 'vp'),
  names: fields('id'),
};

const lock: Thing = {
  types: ['KMutex', 'KRwlock'],
  head: ['NAME', 'CLASS', 'HELD BY'],
  row: (core, object) => [field(core, object, 'name'), object.type, lockState(core, object)],
  names: fields('name'),
};

const proc: Thing = {
  types: ['Proc'],
  head: ['PID', 'NAME', 'STATE', 'PARENT'],
  row: fields('pid', 'name', 'stat', 'parent'),
  names: fields('pid', 'name'),
};

const lwp: Thing = {
  types: ['Lwp'],
  head: ['LWP', 'LID', 'NAME', 'STATE', 'PROCESS'],
  row: fields('id', 'lid', 'name', 'stat', 'proc'),
  names: fields('id', 'name'),
};

export const THINGS: ReadonlyMap<string, Thing> = new Map(
  Object.entries({ lock, vnode, mount, proc, lwp, file, buf }),
);
