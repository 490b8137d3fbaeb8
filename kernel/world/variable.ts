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

import { type StepField, stepFieldOf } from '../accesses.ts';
import type { Lwp } from '../kern/lwp.ts';

/** The key of a lock, an atomic, a condition variable: the object as a whole. */
export const WHOLE_OBJECT = '';

/** The key of the length, size or order of a collection. No field is called so. */
export const SHAPE = '\u0000shape';

/** Objects, and variables of one object, up to which looking through all is quicker than a map. */
const FEW = 12;
/** Sites whose last access is remembered; a power of 2. */
const SITES = 256;

/** An object that was met. */
export class Shadow {
  object: object;
  id: number;
  /** Its variables, the latest first (Variable.next), and how many; most have one. */
  latest: Variable | null = null;
  count = 0;
  /** The same by key, where they are many. */
  byKey: Map<unknown, Variable> | null = null;
  /** What a strategy keeps of it. */
  kept: unknown = null;
  /** What was declared of the field that holds all of it. */
  step: StepField | null = null;

  constructor(object: object, id: number) {
    this.object = object;
    this.id = id;
  }
}

export class Variable {
  shadow: Shadow;
  object: object;
  /** Name of a field or captured variable, index of an element, key of an entry. */
  key: unknown;
  id: number;
  /** Number of the LWP that touched it first; 0 for the boot path. */
  toucher: number;
  /** More than one LWP has touched it. */
  shared = false;
  /** What a detector keeps of it. */
  state: unknown = null;
  /** Its number in a strategy's tables (estimates.ts); -1 until it has one. */
  slot = -1;
  /** What a strategy keeps of it. */
  kept: unknown = null;
  /** The one of its object that was met before it. */
  next: Variable | null = null;
  /** The run that it is of: Variables. */
  run = 0;
  /** What was declared of it: inOneStep(), publishes(). */
  step: StepField | null;

  constructor(shadow: Shadow, key: unknown, id: number, toucher: number) {
    this.shadow = shadow;
    this.object = shadow.object;
    this.key = key;
    this.id = id;
    this.toucher = toucher;
    this.step = shadow.step ?? stepFieldOf(shadow.object, key);
  }
}

/**
 * All variables of a run. Who runs many worlds with one strategy hands them on to the next (begin());
 * then those of the run before are used again.
 */
export class Variables {
  /** Objects in the order in which they were met: the first `#met`; the rest is of earlier runs. */
  readonly #shadows: Shadow[] = [];
  #met = 0;
  /** The same by object, once they are many. */
  readonly #byObject = new Map<object, Shadow>();
  #last: Shadow | null = null;
  #run = 0;
  /** What was accessed last at sites with this number, as far as SITES tells them apart. */
  readonly #atSite: (Variable | null)[] = new Array<null>(SITES).fill(null);
  /** In the order in which they were met: the first `count`; the rest is of earlier runs. */
  readonly all: Variable[] = [];
  count = 0;
  /** Kinds of objects that were met, and how many of each; few enough to look through. */
  readonly #kinds: number[] = [];
  readonly #counts: number[] = [];
  #kindCount = 0;
  /** Numbers of classes, by prototype. */
  readonly #classes = new Map<object | null, number>();

  /** A run begins: there are none. */
  begin(): void {
    this.#run++;
    this.#met = 0;
    this.#last = null;
    this.count = 0;
    this.#kindCount = 0;
    if (this.#byObject.size > 0) this.#byObject.clear();
  }

  /** The variable, which `l` now touches. */
  of(object: object, key: unknown, l: Lwp | null): Variable {
    const last = this.#last;
    let shadow = last !== null && last.object === object ? last : this.#find(object);
    if (shadow === null) shadow = this.#meet(object, key);
    this.#last = shadow;
    const toucher = l === null ? 0 : l.id;
    const v = find(shadow, key);
    if (v === null) return this.#add(shadow, key, toucher);
    if (v.toucher !== toucher) v.shared = true;
    return v;
  }

  /** The same, for an access at a site, which mostly is about what it was about before. */
  at(site: number, object: object, key: unknown, l: Lwp | null): Variable {
    const at = site & (SITES - 1);
    const last = this.#atSite[at];
    if (last === null || last.object !== object || last.key !== key || last.run !== this.#run) {
      const v = this.of(object, key, l);
      this.#atSite[at] = v;
      return v;
    }
    if (last.toucher !== (l === null ? 0 : l.id)) last.shared = true;
    return last;
  }

  #find(object: object): Shadow | null {
    const met = this.#met;
    if (met > FEW) return this.#byObject.get(object) ?? null;
    const shadows = this.#shadows;
    for (let i = met - 1; i >= 0; i--) if (shadows[i].object === object) return shadows[i];
    return null;
  }

  #meet(object: object, key: unknown): Shadow {
    const kind = this.#kindNumber(object, key);
    const id = mix(kind, this.#countOf(kind));
    const at = this.#met++;
    let shadow: Shadow;
    if (at === this.#shadows.length) {
      shadow = new Shadow(object, id);
      this.#shadows.push(shadow);
    } else {
      shadow = this.#shadows[at];
      shadow.object = object;
      shadow.id = id;
      shadow.latest = null;
      shadow.count = 0;
      shadow.byKey = null;
      shadow.kept = null;
      shadow.step = null;
    }
    if (at === FEW) for (let i = 0; i < at; i++) this.#index(this.#shadows[i]);
    if (at >= FEW) this.#index(shadow);
    return shadow;
  }

  /** What was declared of `v` is true of all that is in it, and of no more than that. */
  meetContents(v: Variable, step: StepField): void {
    const contents = (v.object as Record<string, unknown>)[v.key as string];
    if (typeof contents !== 'object' || contents === null) return;
    const shadow = this.#find(contents) ?? this.#meet(contents, SHAPE);
    const within = step.orders ? PUBLISHES : IN_ONE_STEP;
    if (shadow.step !== within) stepAll(shadow, within);
  }

  #index(shadow: Shadow): void {
    this.#byObject.set(shadow.object, shadow);
  }

  #add(shadow: Shadow, key: unknown, toucher: number): Variable {
    const id = mix(shadow.id, keyNumber(key));
    const at = this.count++;
    let v: Variable;
    if (at === this.all.length) {
      v = new Variable(shadow, key, id, toucher);
      this.all.push(v);
    } else {
      v = this.all[at];
      if (v.id !== id) v.slot = -1;
      v.shadow = shadow;
      v.object = shadow.object;
      v.key = key;
      v.id = id;
      v.toucher = toucher;
      v.shared = false;
      v.state = null;
      v.kept = null;
      v.step = shadow.step ?? stepFieldOf(shadow.object, key);
    }
    v.run = this.#run;
    v.next = shadow.latest;
    shadow.latest = v;
    if (++shadow.count > FEW) addKey(shadow, v);
    return v;
  }

  /** Which of its class an object is, in the order in which they were met, from 1; 0 if it was not. */
  numberOf(object: object): number {
    let number = 0;
    for (let i = 0; i < this.#met; i++) {
      const other = this.#shadows[i].object;
      if (other.constructor === object.constructor) number++;
      if (other === object) return number;
    }
    return 0;
  }

  /** `l` does something to all of an object: who frees it takes all of its fields away. */
  touchAll(object: object, l: Lwp): void {
    for (const v of this.ofObject(object)) if (v.toucher !== l.id) v.shared = true;
  }

  /** How many objects of the kind were met before this one. */
  #countOf(kind: number): number {
    for (let i = 0; i < this.#kindCount; i++) {
      if (this.#kinds[i] === kind) return this.#counts[i]++;
    }
    const at = this.#kindCount++;
    this.#kinds[at] = kind;
    this.#counts[at] = 1;
    return 0;
  }

  /** Those of an object that were met so far, in that order. */
  ofObject(object: object): Variable[] {
    const list: Variable[] = [];
    let v = this.#find(object)?.latest ?? null;
    for (; v !== null; v = v.next) list.push(v);
    return list.reverse();
  }

  /** What an object is, for its identity: its class, and for a lock its name. */
  #kindNumber(object: object, key: unknown): number {
    const prototype = Object.getPrototypeOf(object) as object | null;
    let number = this.#classes.get(prototype);
    if (number === undefined) {
      number = classNumber(prototype);
      this.#classes.set(prototype, number);
    }
    if (key !== WHOLE_OBJECT) return number;
    const { name } = object as { name?: unknown };
    return typeof name === 'string' ? mix(number, keyNumber(name)) : number;
  }
}

/** What is in a collection of such a field. */
const PUBLISHES: StepField = { orders: true, holds: false };
const IN_ONE_STEP: StepField = { orders: false, holds: false };

function stepAll(shadow: Shadow, step: StepField): void {
  shadow.step = step;
  for (let v = shadow.latest; v !== null; v = v.next) v.step = step;
}

function find(shadow: Shadow, key: unknown): Variable | null {
  if (shadow.byKey !== null) return shadow.byKey.get(key) ?? null;
  for (let v = shadow.latest; v !== null; v = v.next) if (v.key === key) return v;
  return null;
}

function addKey(shadow: Shadow, latest: Variable): void {
  if (shadow.byKey !== null) {
    shadow.byKey.set(latest.key, latest);
    return;
  }
  shadow.byKey = new Map();
  for (let v: Variable | null = latest; v !== null; v = v.next) shadow.byKey.set(v.key, v);
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

function classNumber(prototype: object | null): number {
  const made = (prototype as { constructor?: { name?: unknown } } | null)?.constructor;
  return keyNumber(made?.name);
}

/** Keys that are objects (of Map entries) are all one number: who has two of them is coarser. */
function keyNumber(key: unknown): number {
  if (typeof key === 'number') return key | 0;
  if (typeof key !== 'string') return 0x51ed270b;
  let number = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) number = Math.imul(number ^ key.charCodeAt(i), 0x01000193);
  return number;
}
