/**
 * Footprints: what a step reads and writes, and when two steps depend on each other.
 *
 * A step is what an LWP does from one scheduling point to its next: the operation that it was about
 * to do, and all that follows up to the next point (unlocking, waking, accesses of plain functions).
 * Two steps of different LWPs depend on each other if one writes what the other reads or writes.
 *
 * Names    Within one run a Variable is an object, and identity is exact. A step that is remembered
 *          for later runs names its variables so: "the k-th object that LWP p touched, after others of
 *          these types", for every p that touched it. What an LWP touches depends on nothing but on
 *          what it has read, so two steps met the same object if and only if they share a name; that a
 *          name stands for two objects in two runs costs a redundant run, never a missed one. Objects
 *          as keys (of a Map) have no names: two of them are taken to be the same, too.
 */

import { READ, WRITE, type AccessKind } from '../../../accesses.ts';
import type { Shadow, Variable } from '../../variable.ts';

/** Above the hash in a name is the LWP's number. */
const THREAD = 2 ** 32;

/** What the search keeps of an object in a run (Shadow.kept). */
export class Names {
  /** The names it has so far. */
  readonly list: number[] = [];
}

/** Gives names: for each LWP a hash of the types of all that it has touched in this run. */
export class Naming {
  readonly #touched: number[] = [];
  /** Numbers of types, the same in all runs. */
  readonly #types = new Map<string, number>();

  begin(): void {
    this.#touched.fill(0);
  }

  /** LWP number `thread` touches the object. True if nobody had before. */
  touch(shadow: Shadow, thread: number): boolean {
    let names = shadow.kept as Names | null;
    if (names === null) {
      names = new Names();
      shadow.kept = names;
    }
    const { list } = names;
    for (let i = 0; i < list.length; i++) if (Math.floor(list[i] / THREAD) === thread) return false;
    while (this.#touched.length <= thread) this.#touched.push(0);
    const hash = Math.imul(this.#touched[thread] + this.#type(shadow.object), 0x9e3779b1) + 1;
    this.#touched[thread] = hash ^ (hash >>> 15);
    list.push(thread * THREAD + (this.#touched[thread] >>> 0));
    return list.length === 1;
  }

  /** By name: a program's classes are made anew for each run. */
  #type(object: object): number {
    const made: unknown = object.constructor;
    const name = typeof made === 'function' ? made.name : '';
    let type = this.#types.get(name);
    if (type === undefined) {
      type = this.#types.size + 1;
      this.#types.set(name, type);
    }
    return type;
  }
}

/** One variable of a step, in this run. */
export class Access {
  v: Variable;
  kind: AccessKind = READ;
  /** Nobody had touched the object before this step. */
  fresh = false;

  constructor(v: Variable) {
    this.v = v;
  }
}

/** The footprint of a step, in this run; reused from run to run. */
export class Footprint {
  readonly accesses: Access[] = [];
  length = 0;
  /** It ended the run while others could go on: it depends on every step. */
  ends = false;

  clear(): void {
    this.length = 0;
    this.ends = false;
  }

  add(v: Variable, kind: AccessKind, fresh: boolean): Access {
    let access = this.accesses[this.length];
    if (access === undefined) {
      access = new Access(v);
      this.accesses.push(access);
    }
    this.length++;
    access.v = v;
    access.kind = kind;
    access.fresh = fresh;
    return access;
  }
}

/** One variable of a step that is remembered. */
export interface NamedAccess {
  names: readonly number[];
  readonly key: unknown;
  readonly kind: AccessKind;
  readonly fresh: boolean;
}

/** A footprint that is remembered for later runs. */
export interface NamedFootprint {
  readonly accesses: readonly NamedAccess[];
  /** It depends on every step: it ended a run, or is not known. */
  readonly onAll: boolean;
}

/** Of a step of which nothing is known. */
export const UNKNOWN_FOOTPRINT: NamedFootprint = { accesses: [], onAll: true };

/** An object is no key that a later run has. */
function namedKey(key: unknown): unknown {
  const isObject = (typeof key === 'object' && key !== null) || typeof key === 'function';
  return isObject || typeof key === 'symbol' ? Names : key;
}

/** The footprint as later runs can read it. */
export function named(footprint: Footprint): NamedFootprint {
  const accesses: NamedAccess[] = [];
  for (let i = 0; i < footprint.length; i++) {
    const { v, kind, fresh } = footprint.accesses[i];
    const names = (v.shadow.kept as Names).list.slice();
    accesses.push({ names, key: namedKey(v.key), kind, fresh });
  }
  return { accesses, onAll: footprint.ends };
}

/**
 * Adds the names that the variables of a remembered step have got in another run of the same step.
 * Only those of objects that nobody had touched before it can have other ones.
 */
export function addNames(remembered: NamedFootprint, footprint: Footprint): void {
  const count = Math.min(remembered.accesses.length, footprint.length);
  for (let i = 0; i < count; i++) {
    const access = remembered.accesses[i];
    if (!access.fresh) continue;
    const more = (footprint.accesses[i].v.shadow.kept as Names).list;
    const added = more.filter((name) => !access.names.includes(name));
    if (added.length > 0) access.names = [...access.names, ...added];
  }
}

/** Whether any access of the step is to an object that nobody had touched before it. */
export function hasFresh(footprint: Footprint): boolean {
  for (let i = 0; i < footprint.length; i++) if (footprint.accesses[i].fresh) return true;
  return false;
}

/** Whether two steps of this run depend on each other. */
export function conflict(a: Footprint, b: Footprint): boolean {
  if (a.ends || b.ends) return true;
  for (let i = 0; i < a.length; i++) {
    const { v, kind } = a.accesses[i];
    for (let j = 0; j < b.length; j++) {
      const other = b.accesses[j];
      if (other.v === v && (kind === WRITE || other.kind === WRITE)) return true;
    }
  }
  return false;
}

/** Whether a remembered step and one of this run depend on each other. */
export function conflictsNamed(a: NamedFootprint, b: Footprint): boolean {
  if (a.onAll || b.ends) return true;
  for (let i = 0; i < a.accesses.length; i++) {
    const { names, key, kind } = a.accesses[i];
    for (let j = 0; j < b.length; j++) {
      const other = b.accesses[j];
      if (kind === READ && other.kind === READ) continue;
      if (key !== other.v.key && key !== namedKey(other.v.key)) continue;
      if (share(names, (other.v.shadow.kept as Names).list)) return true;
    }
  }
  return false;
}

function share(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) if (a[i] === b[j]) return true;
  }
  return false;
}
