/**
 * The management information tree: sysctl(9), sysctl(7). Follows NetBSD sys/kern/kern_sysctl.c.
 *
 * Each kernel has its own tree, built when first touched. A node holds its value, or a helper
 * that gets and sets it. A name is a list of numbers, or text (`kern.hostname`) that stands for
 * one.
 *
 * Example  sysctl_createv(k, { path: 'hw', name: 'disks', type: CTLTYPE_INT, value: 2 });
 *
 * Differs  Values are numbers, strings, booleans and bytes, not memory of a size. No CTL_QUERY:
 *          sysctl_names() lists the tree.
 */

import { EEXIST, EINVAL, EISDIR, ENOENT, ENOTDIR, EPERM, type Errno, isErrno } from './errno.ts';
import type { Kernel } from './kernel.ts';
import type { Cred } from './proc.ts';
import { sysctl_setup } from './init_sysctl.ts';

export const CTLTYPE_NODE = 1;
export const CTLTYPE_INT = 2;
export const CTLTYPE_STRING = 3;
export const CTLTYPE_QUAD = 4;
export const CTLTYPE_STRUCT = 5;
export const CTLTYPE_BOOL = 6;
export type CtlType = 1 | 2 | 3 | 4 | 5 | 6;

export const CTLFLAG_READONLY = 0x00000000;
export const CTLFLAG_READWRITE = 0x00000070;
/** Anybody may write it. */
export const CTLFLAG_ANYWRITE = 0x00000080;

/** A number for the node is to be chosen. */
export const CTL_CREATE = -2;
/** Numbers chosen so begin here. */
const CREATE_BASE = 1024;

export type SysctlValue = number | string | boolean | Uint8Array;

/** A helper: gives the value; with `newValue` sets it. The caller checked type and permission. */
export type SysctlHelper = (
  k: Kernel,
  node: SysctlNode,
  newValue: SysctlValue | undefined,
) => SysctlValue | Errno;

export class SysctlNode {
  num: number;
  name: string;
  type: CtlType;
  flags: number;
  descr: string;
  value: SysctlValue | undefined;
  helper: SysctlHelper | null;
  children: SysctlNode[] = [];

  constructor(num: number, o: SysctlOptions) {
    this.num = num;
    this.name = o.name;
    this.type = o.type;
    this.flags = o.flags ?? CTLFLAG_READONLY;
    this.descr = o.descr ?? '';
    this.value = o.value;
    this.helper = o.helper ?? null;
  }
}

/** What sysctl_createv() makes a node of. */
export interface SysctlOptions {
  /** Name of the parent; absent for a top-level node. */
  readonly path?: string;
  readonly name: string;
  readonly type: CtlType;
  /** Default: CTL_CREATE. */
  readonly num?: number;
  readonly flags?: number;
  readonly descr?: string;
  readonly value?: SysctlValue;
  readonly helper?: SysctlHelper;
}

export class Sysctl {
  root = new SysctlNode(0, { name: '', type: CTLTYPE_NODE });
}

function tree(k: Kernel): Sysctl {
  if (k.sysctl === null) {
    k.sysctl = new Sysctl();
    sysctl_setup(k);
  }
  return k.sysctl;
}

/** sysctl_createv(9). A node that exists is given as it is. Errors: ENOENT, ENOTDIR, EEXIST. */
export function sysctl_createv(k: Kernel, options: SysctlOptions): SysctlNode | Errno {
  const parent = options.path === undefined ? tree(k).root : sysctl_locate(k, options.path);
  if (isErrno(parent)) return parent;
  if (parent.type !== CTLTYPE_NODE) return ENOTDIR;
  const same = parent.children.find((c) => c.name === options.name);
  if (same !== undefined) return same.type === options.type ? same : EEXIST;
  let num = options.num ?? CTL_CREATE;
  if (num === CTL_CREATE) {
    num = parent.children.reduce((most, c) => Math.max(most, c.num), CREATE_BASE - 1) + 1;
  } else if (parent.children.some((c) => c.num === num)) return EEXIST;
  const node = new SysctlNode(num, options);
  parent.children.push(node);
  return node;
}

/** sysctl_destroyv(9). Errors: ENOENT, ENOTDIR. */
export function sysctl_destroyv(k: Kernel, name: string): Errno | undefined {
  const node = sysctl_locate(k, name);
  if (isErrno(node)) return node;
  const dot = name.lastIndexOf('.');
  const parent = dot < 0 ? tree(k).root : sysctl_locate(k, name.slice(0, dot));
  if (isErrno(parent)) return parent;
  parent.children.splice(parent.children.indexOf(node), 1);
  return undefined;
}

/** sysctl_locate(9): the node of a name. Errors: ENOENT, ENOTDIR when a leaf is passed. */
export function sysctl_locate(k: Kernel, name: string | readonly number[]): SysctlNode | Errno {
  let node = tree(k).root;
  const parts = typeof name === 'string' ? name.split('.') : name;
  if (parts.length === 0) return EINVAL;
  for (const part of parts) {
    if (node.type !== CTLTYPE_NODE) return ENOTDIR;
    const child = node.children.find((c) => c.name === part || c.num === part);
    if (child === undefined) return ENOENT;
    node = child;
  }
  return node;
}

/** sysctl_dispatch(9): the old value; stores `newValue` if there is one. */
export function sysctl_dispatch(
  k: Kernel,
  cred: Cred,
  name: string | readonly number[],
  newValue: SysctlValue | undefined,
): SysctlValue | Errno {
  const node = sysctl_locate(k, name);
  if (isErrno(node)) return node;
  if (node.type === CTLTYPE_NODE) return EISDIR;
  if (newValue !== undefined) {
    const anybody = (node.flags & CTLFLAG_ANYWRITE) !== 0;
    if (!anybody && (node.flags & CTLFLAG_READWRITE) !== CTLFLAG_READWRITE) return EPERM;
    if (!anybody && cred.euid !== 0) return EPERM;
    if (!fitsType(node.type, newValue)) return EINVAL;
  }
  return node.helper === null ? plainValue(node, newValue) : node.helper(k, node, newValue);
}

/** sysctl_lookup(9): the helper of nodes that hold their value. */
function plainValue(node: SysctlNode, newValue: SysctlValue | undefined): SysctlValue | Errno {
  const old = node.value;
  if (newValue !== undefined) node.value = newValue;
  return old ?? EINVAL;
}

function fitsType(type: CtlType, value: SysctlValue): boolean {
  switch (type) {
    case CTLTYPE_STRING:
      return typeof value === 'string';
    case CTLTYPE_BOOL:
      return typeof value === 'boolean';
    case CTLTYPE_INT:
      return typeof value === 'number' && (value | 0) === value;
    case CTLTYPE_QUAD:
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return value instanceof Uint8Array;
  }
}

/** The names of all leaves, in the order of the tree: sysctl -a. */
export function sysctl_names(k: Kernel): string[] {
  const names: string[] = [];
  const walk = (node: SysctlNode, prefix: string): void => {
    for (const child of node.children) {
      const name = prefix + child.name;
      if (child.type === CTLTYPE_NODE) walk(child, `${name}.`);
      else names.push(name);
    }
  };
  walk(tree(k).root, '');
  return names;
}
