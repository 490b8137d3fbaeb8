/**
 * Variables: what operations are about. A field of an object, an element, an entry, a captured
 * variable of a function's activation, or a lock or atomic as a whole (key WHOLE).
 *
 * They are made when an instrumented access or a point first meets them in a run, and know who has
 * touched them. Nothing of the kernel refers to them.
 *
 * Identity  `id` is mostly the same in other schedules of the same program: it is made of the class
 *           of the object (and the name of a lock), of how many of these were met before it, and of
 *           the key. Who touches it first does not matter, so that the only one of its kind is
 *           always the same. An LWP is known by whose how-manieth child it is. Collisions only
 *           make a strategy's estimates coarser.
 */

import type { Lwp } from '../kern/lwp.ts';

/** The key of a lock, an atomic, a condition variable: the object as a whole. */
export const WHOLE_OBJECT = '';

/** The key of the length, size or order of a collection. No field is called so. */
export const SHAPE = '\u0000shape';

/** An object that was met. */
export class Shadow {
  readonly object: object;
  readonly id: number;
  /** Its variables; most have one. */
  first: Variable | null = null;
  others: Map<unknown, Variable> | null = null;
  /** What a strategy keeps of it. */
  kept: unknown = null;

  constructor(object: object, id: number) {
    this.object = object;
    this.id = id;
  }
}

export class Variable {
  readonly shadow: Shadow;
  readonly object: object;
  /** Name of a field or captured variable, index of an element, key of an entry. */
  readonly key: unknown;
  readonly id: number;
  /** Number of the LWP that touched it first; 0 for the boot path. */
  readonly toucher: number;
  /** More than one LWP has touched it. */
  shared = false;
  /** What a detector keeps of it. */
  state: unknown = null;
  /** Its number in a strategy's tables (estimates.ts); -1 until it has one. */
  slot = -1;
  /** What a strategy keeps of it. */
  kept: unknown = null;

  constructor(shadow: Shadow, key: unknown, toucher: number) {
    this.shadow = shadow;
    this.object = shadow.object;
    this.key = key;
    this.id = mix(shadow.id, keyNumber(key));
    this.toucher = toucher;
  }
}

/** All variables of a run. */
export class Variables {
  readonly #shadows = new Map<object, Shadow>();
  /** All, in the order in which they were met. */
  readonly all: Variable[] = [];
  /** Kinds of objects that were met, and how many of each; few enough to look through. */
  readonly #kinds: number[] = [];
  readonly #counts: number[] = [];

  /** The variable, which `l` now touches. */
  of(object: object, key: unknown, l: Lwp | null): Variable {
    let shadow = this.#shadows.get(object);
    if (shadow === undefined) {
      const kind = kindNumber(object, key);
      shadow = new Shadow(object, mix(kind, this.#countOf(kind)));
      this.#shadows.set(object, shadow);
    }
    const { first } = shadow;
    let v: Variable | undefined;
    if (first !== null && first.key === key) v = first;
    else if (shadow.others !== null) v = shadow.others.get(key);
    const toucher = l === null ? 0 : l.id;
    if (v !== undefined) {
      if (v.toucher !== toucher) v.shared = true;
      return v;
    }
    v = new Variable(shadow, key, toucher);
    this.all.push(v);
    if (first === null) shadow.first = v;
    else {
      shadow.others ??= new Map();
      shadow.others.set(key, v);
    }
    return v;
  }

  /** Which of its class an object is, in the order in which they were met, from 1; 0 if it was not. */
  numberOf(object: object): number {
    if (!this.#shadows.has(object)) return 0;
    let number = 0;
    for (const other of this.#shadows.keys()) {
      if (other.constructor === object.constructor) number++;
      if (other === object) break;
    }
    return number;
  }

  /** `l` does something to all of an object: who frees it takes all of its fields away. */
  touchAll(object: object, l: Lwp): void {
    for (const v of this.ofObject(object)) if (v.toucher !== l.id) v.shared = true;
  }

  /** How many objects of the kind were met before this one. */
  #countOf(kind: number): number {
    const at = this.#kinds.indexOf(kind);
    if (at >= 0) return this.#counts[at]++;
    this.#kinds.push(kind);
    this.#counts.push(1);
    return 0;
  }

  /** Those of an object that were met so far. */
  ofObject(object: object): Variable[] {
    const shadow = this.#shadows.get(object);
    if (shadow === undefined || shadow.first === null) return [];
    return [shadow.first, ...(shadow.others?.values() ?? [])];
  }
}

/** A number for an LWP that is the same in other schedules; kept in Lwp.path. */
export function pathNumber(l: Lwp | null): number {
  if (l === null) return 0;
  if (l.path === 0) l.path = mix(pathNumber(l.creator), l.ordinal + 1) | 1;
  return l.path;
}

function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** What an object is, for its identity: its class, and for a lock its name. */
function kindNumber(object: object, key: unknown): number {
  const prototype: unknown = Object.getPrototypeOf(object);
  const made = (prototype as { constructor?: { name?: unknown } } | null)?.constructor;
  const number = keyNumber(made?.name);
  if (key !== WHOLE_OBJECT) return number;
  const { name } = object as { name?: unknown };
  return typeof name === 'string' ? mix(number, keyNumber(name)) : number;
}

/** Keys that are objects (of Map entries) are all one number: who has two of them is coarser. */
function keyNumber(key: unknown): number {
  if (typeof key === 'number') return key | 0;
  if (typeof key !== 'string') return 0x51ed270b;
  let number = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) number = Math.imul(number ^ key.charCodeAt(i), 0x01000193);
  return number;
}
