/**
 * What the debugger knows of every site of the image, in one byte each, because it is looked up at
 * every statement.
 */

import { isAnnouncer } from '../../corefiles/index.ts';
import { type Position, siteTable } from '../../kernel/index.ts';

/** A step may end here: a statement, or the entry of a function without any. */
export const STOPPABLE = 1;
/** Some breakpoint is here. */
export const BREAKPOINT = 2;
/** Steps go over it: dispatch, tracing, lock primitives. */
export const SKIPPED = 4;
/** The entry of a function. */
export const ENTRY = 8;
/** Code of the kernel, not of the program. */
export const OF_KERNEL = 16;

/** What steps go over unless the user says otherwise: paths with `*`, or names of functions. */
export const DEFAULT_SKIP: readonly string[] = [
  'rumpus/kernel/hooks.ts',
  'rumpus/kernel/maysleep.ts',
  'rumpus/kernel/program.ts',
  'rumpus/kernel/sys.ts',
  'rumpus/kernel/trace/*',
  'rumpus/kernel/world/*',
  'rumpus/kernel/kern/syscall.ts',
  'rumpus/kernel/kern/errno.ts',
  'rumpus/kernel/kern/kern_mutex.ts',
  'rumpus/kernel/kern/kern_rwlock.ts',
  'rumpus/kernel/kern/kern_condvar.ts',
  'rumpus/kernel/kern/kern_sleepq.ts',
  'rumpus/kernel/kern/subr_lockdebug.ts',
  'rumpus/kernel/kern/atomic.ts',
];

export class SiteFlags {
  #bytes = new Uint8Array(0);
  #modules = 0;
  #skip: readonly string[] = DEFAULT_SKIP;

  /** The flags of a site; those of modules loaded since are computed first. */
  of(site: number): number {
    return this.#bytes[site] ?? 0;
  }

  /** To be called when modules may have been loaded. */
  refresh(): void {
    const { modules } = siteTable;
    if (this.#modules === modules.length) return;
    this.#modules = modules.length;
    const end = modules.reduce((most, { base, count }) => Math.max(most, base + count), 0);
    const old = this.#bytes;
    this.#bytes = new Uint8Array(end + 1);
    for (const { base, count, table } of modules) {
      if (count > 0) this.#compute(table.path, base);
    }
    for (let i = 0; i < old.length; i++) this.#bytes[i] |= old[i] & BREAKPOINT;
  }

  setSkip(patterns: readonly string[]): void {
    this.#skip = patterns;
    this.#modules = -1;
    this.refresh();
  }

  clearBreakpoints(): void {
    for (let i = 0; i < this.#bytes.length; i++) this.#bytes[i] &= ~BREAKPOINT;
  }

  setBreakpoint(site: number): void {
    this.#bytes[site] |= BREAKPOINT;
  }

  /** The name of the function that a site is in. */
  functionOf(site: number): string {
    return siteTable.position(site)?.function ?? '';
  }

  sameLine(a: number, b: number): boolean {
    if (a === b) return true;
    const first = siteTable.position(a);
    const second = siteTable.position(b);
    if (first === undefined || second === undefined) return false;
    return first.path === second.path && first.lineBase1 === second.lineBase1;
  }

  #compute(path: string, base: number): void {
    const positions = siteTable.positionsOf(path);
    const withStatements = new Set(
      positions.filter(({ kind }) => kind === 's').map((position) => position.function),
    );
    const pathSkipped = this.#skip.some((pattern) => matches(pattern, path));
    positions.forEach((position, ordinal) => {
      let flags = 0;
      const stops = isStop(position, withStatements) && !isAnnouncer(path, position.function);
      if (stops) flags |= STOPPABLE;
      if (position.kind === 'f') flags |= ENTRY;
      if (path.startsWith('rumpus/kernel/')) flags |= OF_KERNEL;
      if (pathSkipped || this.#skip.includes(position.function)) flags |= SKIPPED;
      this.#bytes[base + ordinal] = flags;
    });
  }
}

function isStop({ kind, function: name }: Position, withStatements: ReadonlySet<string>): boolean {
  return kind === 's' || (kind === 'f' && !withStatements.has(name));
}

/** Whether a path fits a pattern in which `*` stands for anything. */
export function matches(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return pattern === path || path.endsWith(`/${pattern}`);
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:.*/)?${parts.join('.*')}$`).test(path);
}
