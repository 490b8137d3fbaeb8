/**
 * Sys: the system calls as a program sees them, put together from the components' tables.
 *
 * One Sys serves every process and kernel: a call acts on the LWP that makes it. A component
 * outside this repository adds its calls to the type by declaration merging:
 *
 *   declare module 'rumpus' { interface SysExtensions extends SysOf<typeof mySyscalls> {} }
 */

import { ENOSYS } from './kern/errno.ts';
import { fileSyscalls } from './kern/file_syscalls.ts';
import { kernSyscalls } from './kern/syscalls.ts';
import {
  type Sysent,
  type SyscallFunction,
  type SyscallTable,
  syscall,
  sysent,
  type SysOf,
} from './kern/syscall.ts';
import type { MaySleep } from './maysleep.ts';
import { done } from './hooks.ts';
import { vfsSyscalls } from './vfs/vfs_syscalls_table.ts';

/** System calls of components outside this repository. */
// biome-ignore lint/suspicious/noEmptyInterface: filled in by declaration merging
export interface SysExtensions {}

export type Sys = SysOf<typeof kernSyscalls> &
  SysOf<typeof fileSyscalls> &
  SysOf<typeof vfsSyscalls> &
  SysExtensions;

/** Tables of this repository, so that a call of a component not linked in is a clean ENOSYS. */
const KNOWN: readonly SyscallTable[] = [kernSyscalls, fileSyscalls, vfsSyscalls];

const enosys = sysent(0, (): MaySleep<unknown> => done(ENOSYS), []);

const NO_ARGUMENTS: readonly unknown[] = [];

type Methods = Record<string, (...args: unknown[]) => MaySleep<unknown>>;

/** A call whose arguments must all be there takes just as many, which is cheaper than a list. */
function addMethod(methods: Methods, name: string, entry: Sysent<SyscallFunction>): void {
  const fixed = entry.args.every((kind) => !kind.endsWith('?'));
  switch (fixed ? entry.args.length : -1) {
    case 0:
      methods[name] = () => syscall(name, entry, NO_ARGUMENTS);
      break;
    case 1:
      methods[name] = (a) => syscall(name, entry, [a]);
      break;
    case 2:
      methods[name] = (a, b) => syscall(name, entry, [a, b]);
      break;
    case 3:
      methods[name] = (a, b, c) => syscall(name, entry, [a, b, c]);
      break;
    default:
      methods[name] = (...args) => syscall(name, entry, args);
  }
}

/** What tools look for in any object. */
const ASKED: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor']);

/** Names nobody knows end up here, so that a typing mistake says what it is. */
const unknownCalls = new Proxy(Object.create(null) as object, {
  get(_target, name, receiver: object) {
    if (typeof name === 'symbol' || ASKED.has(name)) return undefined;
    const near = nearest(name, Object.keys(receiver));
    const hint = near === undefined ? '' : `; did you mean sys.${near}()?`;
    throw new TypeError(`there is no system call sys.${name}()${hint}`);
  },
});

/** The Sys for a set of linked tables. */
export function makeSys(tables: readonly SyscallTable[]): Sys {
  const methods = Object.create(unknownCalls) as Methods;
  for (const table of KNOWN) {
    for (const name of Object.keys(table)) addMethod(methods, name, enosys);
  }
  for (const table of tables) {
    for (const name of Object.keys(table)) addMethod(methods, name, table[name]);
  }
  return methods as unknown as Sys;
}

function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = 1 + Math.max(2, name.length >> 1);
  for (const candidate of names) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
