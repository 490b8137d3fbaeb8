/**
 * Names of the constants that fields of kernel records hold: VREG for the 1 of a vnode's `type`.
 *
 * The names are those that the kernel exports, found by their prefixes; a value of a flag field is
 * the names of its bits: `VV_ROOT|VV_SYSTEM`. A field that is not in the table keeps its number.
 */

import * as kernel from '../../../kernel/index.ts';

interface Constants {
  readonly names: RegExp;
  /** A number is one of them, or some of them, a bit each. */
  readonly as: 'value' | 'flags';
}

const VTYPE: Constants = { names: /^V(NON|REG|DIR|BLK|CHR|LNK|SOCK|FIFO|BAD)$/, as: 'value' };

/** By class and field. */
const FIELDS: Readonly<Record<string, Constants>> = {
  'Lwp.stat': { names: /^LS[A-Z]+$/, as: 'value' },
  'Lwp.flag': { names: /^LW_/, as: 'flags' },
  'Proc.stat': { names: /^S(ACTIVE|ZOMB|DEAD)$/, as: 'value' },
  'Vnode.type': VTYPE,
  'Vnode.flag': { names: /^VV_/, as: 'flags' },
  'Vnode.state': { names: /^VS_/, as: 'value' },
  'VAttr.type': VTYPE,
  'Mount.flag': { names: /^MNT_(?!WAIT|NOWAIT|CHANGEABLE)/, as: 'flags' },
  'Statvfs.flag': { names: /^MNT_(?!WAIT|NOWAIT|CHANGEABLE)/, as: 'flags' },
  'TmpfsNode.type': VTYPE,
  'File.type': { names: /^DTYPE_/, as: 'value' },
  'File.flag': { names: /^F(READ|WRITE|NONBLOCK|APPEND)$/, as: 'flags' },
  'Buf.flags': { names: /^B_(?!WRITE)/, as: 'flags' },
  'Buf.cflags': { names: /^BC_/, as: 'flags' },
  'Buf.oflags': { names: /^BO_/, as: 'flags' },
  'Callout.flags': { names: /^CALLOUT_/, as: 'flags' },
  'KMutex.type': { names: /^MUTEX_/, as: 'value' },
};

/** Names by number, for each field that was asked for. */
const known = new Map<string, ReadonlyMap<number, string>>();

/** What the kernel calls a number in a field of a class; '' when it has no name for it. */
export function constantName(type: string, field: string, value: unknown): string {
  if (typeof value !== 'number') return '';
  const key = `${type}.${field}`;
  if (!Object.hasOwn(FIELDS, key)) return '';
  const constants = FIELDS[key];
  const names = known.get(key) ?? namesOf(constants.names);
  known.set(key, names);
  return constants.as === 'value' ? (names.get(value) ?? '') : flagNames(names, value);
}

function namesOf(pattern: RegExp): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(kernel)) {
    if (typeof value === 'number' && pattern.test(name)) names.set(value, name);
  }
  return names;
}

/** The names of all bits that are set; '' for none, or where one has no name. */
function flagNames(names: ReadonlyMap<number, string>, value: number): string {
  if (!Number.isInteger(value) || value <= 0 || value > 0x7fffffff) return '';
  const set: string[] = [];
  let rest = value;
  for (const [bit, name] of names) {
    if (bit === 0 || (rest & bit) !== bit) continue;
    set.push(name);
    rest &= ~bit;
  }
  return rest === 0 ? set.join('|') : '';
}
